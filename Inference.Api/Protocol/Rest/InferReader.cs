using System.Text.Json;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>
/// Reads an inference call (Open Inference Protocol v2, inference_rest.md; binary tensor data extension). No tree is made of the JSON: each number,
/// or the bytes of a tensor as one, go straight into its tensor.
/// </summary>
internal ref struct InferReader
{
    private Utf8JsonReader _json;
    private ReadOnlySpan<byte> _text;
    private BinaryTail _binary;

    private InferReader(InferBody body, int maxDepth)
    {
        _text = body.Json.Span;
        _json = new Utf8JsonReader(_text, new JsonReaderOptions { MaxDepth = maxDepth });
        _binary = new BinaryTail(body.Binary);
    }

    /// <exception cref="InferenceFault">Names the place in the body and what is wrong there.</exception>
    public static InferRequest Read(InferBody body, int maxDepth)
    {
        var reader = new InferReader(body, maxDepth);
        try { return reader.Request(); }
        catch (JsonException problem) { throw JsonText.NotJson("The body", reader.IsMoved(body) ? Again(body, maxDepth, problem) : problem); }
    }

    private readonly bool IsMoved(InferBody body) => _text.Length < body.Json.Length;

    // A reader that was moved does not know on which line it stands.
    private static JsonException Again(InferBody body, int maxDepth, JsonException problem)
    {
        var reader = new Utf8JsonReader(body.Json.Span, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            while (reader.Read()) { }
            return problem;
        }
        catch (JsonException same) { return same; }
    }

    private InferRequest Request()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject) throw JsonText.Wrong("The body must be a JSON object.");
        string? id = null;
        List<Tensor>? inputs = null;
        List<RequestedOutput>? outputs = null;
        JsonParameters? parameters = null;
        var told = new Dictionary<string, bool>();
        while (_json.NextMember() is { } member)
        {
            switch (member)
            {
                case "id": JsonText.RequireFirst(id, "id"); id = _json.Text("id"); break;
                case "inputs": JsonText.RequireFirst(inputs, "inputs"); inputs = Inputs(); break;
                case "outputs": JsonText.RequireFirst(outputs, "outputs"); outputs = Outputs(told); break;
                case "parameters": JsonText.RequireFirst(parameters, "parameters"); parameters = JsonParameters.Read(ref _json, "parameters"); break;
                default: _json.Skip(); break;
            }
        }
        _json.RequireEnd();
        _binary.RequireEnd();
        return new InferRequest(
            new InferCall(id, inputs ?? throw JsonText.Missing("inputs"), outputs),
            new OutputForms(parameters?.BinaryDataOutput ?? false, told));
    }

    private List<Tensor> Inputs()
    {
        var inputs = new List<Tensor>();
        for (_json.RequireArray("inputs"); _json.NextElement(); RequireFew("inputs", inputs.Count)) inputs.Add(InputReader.Read(ref _json, $"inputs[{inputs.Count}]", ref _text, ref _binary));
        return inputs;
    }

    private List<RequestedOutput> Outputs(Dictionary<string, bool> told)
    {
        var outputs = new List<RequestedOutput>();
        for (_json.RequireArray("outputs"); _json.NextElement(); RequireFew("outputs", outputs.Count))
        {
            var place = $"outputs[{outputs.Count}]";
            _json.RequireObject(place);
            string? name = null;
            JsonParameters? parameters = null;
            while (_json.NextMember() is { } member)
            {
                switch (member)
                {
                    case "name": JsonText.RequireFirst(name, $"{place}.name"); name = _json.Text($"{place}.name"); break;
                    case "parameters": JsonText.RequireFirst(parameters, $"{place}.parameters"); parameters = JsonParameters.Read(ref _json, $"{place}.parameters"); break;
                    default: _json.Skip(); break;
                }
            }
            outputs.Add(new RequestedOutput(name ?? throw JsonText.Missing($"{place}.name"), parameters?.Classification));
            if (parameters?.BinaryData is { } isBinary) told[name] = isBinary;
        }
        return outputs;
    }

    // Before the next one takes memory: an empty one is a few characters long.
    private static void RequireFew(string place, int count)
    {
        if (count > InputRules.MostTensors) throw JsonText.Wrong($"There may be {InputRules.MostTensors} {place}.");
    }
}
