using System.Text.Json;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>The protocol's JSON form of an inference call and its answer (Open Inference Protocol v2, inference_rest.md).</summary>
internal static class InferJson
{
    /// <exception cref="InferenceFault">Names the place in the body and what is wrong there.</exception>
    public static InferCall Read(string model, string? version, byte[] body, int maxDepth)
    {
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = maxDepth, AllowDuplicateProperties = false });
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw Wrong("The body must be a JSON object.");
            return new InferCall(
                model, version, Text(root, "id", "id"),
                [.. Members(root, "inputs").Select((input, i) => ReadInput(input, $"inputs[{i}]"))],
                root.TryGetProperty("outputs", out _) ? [.. Members(root, "outputs").Select((output, i) => Required(output, "name", $"outputs[{i}]"))] : null);
        }
        catch (JsonException problem)
        {
            throw Wrong($"The body is not valid JSON (line {problem.LineNumber + 1}, byte {problem.BytePositionInLine}).");
        }
    }

    /// <exception cref="InferenceFault">An output cannot be said in JSON.</exception>
    public static void Write(Utf8JsonWriter json, InferAnswer answer)
    {
        json.WriteStartObject();
        json.WriteString("model_name"u8, answer.Model.Name.ToString());
        json.WriteString("model_version"u8, answer.Model.Version.ToString());
        if (answer.Id is not null) json.WriteString("id"u8, answer.Id);
        json.WriteStartArray("outputs"u8);
        foreach (var output in answer.Outputs)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, output.Name);
            json.WriteString("datatype"u8, output.Datatype.Name);
            json.WriteStartArray("shape"u8);
            foreach (var dimension in output.Shape) json.WriteNumberValue(dimension);
            json.WriteEndArray();
            json.WritePropertyName("data"u8);
            JsonTensors.Write(json, output);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static Tensor ReadInput(JsonElement input, string place)
    {
        var name = Required(input, "name", place);
        var text = Required(input, "datatype", place);
        var datatype = Datatype.Find(text) ?? throw Wrong($"{place}: '{Quoted.Of(text)}' is not a datatype that is served.");
        var shape = Members(input, "shape", place)
            .Select(dimension => dimension.ValueKind == JsonValueKind.Number && dimension.TryGetInt64(out var length) ? length : throw Wrong($"{place}.shape must hold integers."))
            .ToArray();
        return input.TryGetProperty("data", out var data) ? JsonTensors.Read(name, datatype, shape, data) : throw Wrong($"{place}.data is missing.");
    }

    private static JsonElement.ArrayEnumerator Members(JsonElement of, string name, string place = "")
    {
        if (of.ValueKind != JsonValueKind.Object) throw Wrong($"{place} must be an object.");
        if (!of.TryGetProperty(name, out var array)) throw Wrong($"{Joined(place, name)} is missing.");
        return array.ValueKind == JsonValueKind.Array ? array.EnumerateArray() : throw Wrong($"{Joined(place, name)} must be an array.");
    }

    private static string Required(JsonElement of, string name, string place)
    {
        if (of.ValueKind != JsonValueKind.Object) throw Wrong($"{place} must be an object.");
        return Text(of, name, Joined(place, name)) ?? throw Wrong($"{Joined(place, name)} is missing.");
    }

    private static string? Text(JsonElement of, string name, string place)
    {
        if (!of.TryGetProperty(name, out var text)) return null;
        if (text.ValueKind != JsonValueKind.String) throw Wrong($"{place} must be a string.");
        try { return text.GetString(); }
        catch (InvalidOperationException) { throw Wrong($"{place} is not valid text."); }   // a lone surrogate
    }

    private static string Joined(string place, string name) => place.Length == 0 ? name : $"{place}.{name}";

    private static InferenceFault Wrong(string reason) => new(FaultKind.InvalidInput, reason);
}
