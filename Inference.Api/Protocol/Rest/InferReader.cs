using System.Text.Json;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>
/// Reads the protocol's JSON form of an inference call (Open Inference Protocol v2, inference_rest.md). No tree is made of the body: each number
/// goes straight into its tensor.
/// </summary>
internal ref struct InferReader
{
    private readonly ReadOnlySpan<byte> _body;
    private Utf8JsonReader _json;

    private InferReader(ReadOnlySpan<byte> body, int maxDepth)
    {
        _body = body;
        _json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = maxDepth });
    }

    /// <exception cref="InferenceFault">Names the place in the body and what is wrong there.</exception>
    public static InferCall Read(string model, string? version, ReadOnlySpan<byte> body, int maxDepth)
    {
        var reader = new InferReader(body, maxDepth);
        try { return reader.Call(model, version); }
        catch (JsonException problem) { throw JsonText.NotJson("The body", problem); }
    }

    private InferCall Call(string model, string? version)
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject) throw JsonText.Wrong("The body must be a JSON object.");
        string? id = null;
        List<Tensor>? inputs = null;
        List<string>? outputs = null;
        while (_json.NextMember() is { } member)
        {
            switch (member)
            {
                case "id": First(id, "id"); id = _json.Text("id"); break;
                case "inputs": First(inputs, "inputs"); inputs = Inputs(); break;
                case "outputs": First(outputs, "outputs"); outputs = Outputs(); break;
                default: _json.Skip(); break;
            }
        }
        _json.RequireEnd();
        return new InferCall(model, version, id, inputs ?? throw Missing("inputs"), outputs);
    }

    private List<Tensor> Inputs()
    {
        var inputs = new List<Tensor>();
        for (RequireArray("inputs"); NextElement();) inputs.Add(Input($"inputs[{inputs.Count}]"));
        return inputs;
    }

    private Tensor Input(string place)
    {
        RequireObject(place);
        string? name = null;
        Datatype? datatype = null;
        long[]? shape = null;
        Tensor? tensor = null;
        Utf8JsonReader later = default;
        var isLater = false;
        while (_json.NextMember() is { } member)
        {
            switch (member)
            {
                case "name": First(name, $"{place}.name"); name = _json.Text($"{place}.name"); break;
                case "datatype": First(datatype, $"{place}.datatype"); datatype = DatatypeAt(place); break;
                case "shape": First(shape, $"{place}.shape"); shape = Shape(place); break;
                case "data" when tensor is not null || isLater: throw Twice($"{place}.data");
                case "data" when name is not null && datatype is not null && shape is not null: tensor = JsonTensors.Read(ref _json, name, datatype, shape, Rest); break;
                // Only once its shape and type are known.
                case "data": isLater = true; later = _json; _json.Skip(); break;
                default: _json.Skip(); break;
            }
        }
        if (name is null) throw Missing($"{place}.name");
        if (datatype is null) throw Missing($"{place}.datatype");
        if (shape is null) throw Missing($"{place}.shape");
        if (tensor is not null) return tensor;
        return isLater ? JsonTensors.Read(ref later, name, datatype, shape, _body.Length - later.BytesConsumed) : throw Missing($"{place}.data");
    }

    private Datatype DatatypeAt(string place)
    {
        var text = _json.Text($"{place}.datatype");
        return Datatype.Find(text) ?? throw JsonText.Wrong($"{place}: '{Quoted.Of(text)}' is not a datatype that is served.");
    }

    private long[] Shape(string place)
    {
        var shape = new List<long>();
        for (RequireArray($"{place}.shape"); NextElement();)
        {
            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out var length)) throw JsonText.Wrong($"{place}.shape must hold integers.");
            shape.Add(shape.Count < Shapes.MaxRank ? length : throw JsonText.Wrong($"{place}.shape has more than {Shapes.MaxRank} dimensions."));
        }
        return [.. shape];
    }

    private List<string> Outputs()
    {
        var outputs = new List<string>();
        for (RequireArray("outputs"); NextElement();)
        {
            var place = $"outputs[{outputs.Count}]";
            RequireObject(place);
            string? name = null;
            while (_json.NextMember() is { } member)
            {
                if (member != "name") { _json.Skip(); continue; }
                First(name, $"{place}.name");
                name = _json.Text($"{place}.name");
            }
            outputs.Add(name ?? throw Missing($"{place}.name"));
        }
        return outputs;
    }

    private readonly long Rest => _body.Length - _json.BytesConsumed;

    private bool NextElement()
    {
        _json.Read();
        return _json.TokenType != JsonTokenType.EndArray;
    }

    private readonly void RequireArray(string place)
    {
        if (_json.TokenType != JsonTokenType.StartArray) throw JsonText.Wrong($"{place} must be an array.");
    }

    private readonly void RequireObject(string place)
    {
        if (_json.TokenType != JsonTokenType.StartObject) throw JsonText.Wrong($"{place} must be an object.");
    }

    private static void First(object? before, string place)
    {
        if (before is not null) throw Twice(place);
    }

    private static InferenceFault Missing(string place) => JsonText.Wrong($"{place} is missing.");

    private static InferenceFault Twice(string place) => JsonText.Wrong($"{place} is there more than once.");
}
