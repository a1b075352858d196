using System.Globalization;
using System.Text.Json;
using ModelPlatform.Inference.Classification;

namespace ModelPlatform.Inference.Protocol.Score;

/// <summary>
/// The JSON of the 2018 recipe. In: <c>{"input": "[\"&lt;base64&gt;\", …]"}</c>, a string that itself holds an array; each picture may come as Python
/// prints its bytes, <c>b'…'</c>. Out: <c>{"result": [[[["label", percent], … three], … each picture], "Computed in 12.34 ms"]}</c>.
/// </summary>
internal static class ScoreJson
{
    public const int Top = 3;

    /// <exception cref="InferenceFault">Names the place in the body and what is wrong there.</exception>
    public static IReadOnlyList<byte[]> Read(byte[] body, int maxPictures)
    {
        using var outer = Parse(body, "The body");
        if (outer.RootElement.ValueKind != JsonValueKind.Object || !outer.RootElement.TryGetProperty("input", out var input) || input.ValueKind != JsonValueKind.String)
            throw Wrong("The body must be an object whose 'input' is a string that holds a JSON array of base64 strings.");

        using var inner = Parse(input.GetBytesFromText(), "'input'");
        if (inner.RootElement.ValueKind != JsonValueKind.Array) throw Wrong("'input' must hold a JSON array of base64 strings.");
        var count = inner.RootElement.GetArrayLength();
        if (count > maxPictures) throw new InferenceFault(FaultKind.TooLarge, $"'input' holds {count} pictures; the limit is {maxPictures}.");
        return [.. inner.RootElement.EnumerateArray().Select(Picture)];
    }

    public static void Write(Utf8JsonWriter json, IReadOnlyList<Prediction[]> pictures, TimeSpan elapsed)
    {
        json.WriteStartObject();
        json.WriteStartArray("result"u8);
        json.WriteStartArray();
        foreach (var predictions in pictures)
        {
            json.WriteStartArray();
            foreach (var best in predictions)
            {
                json.WriteStartArray();
                json.WriteStringValue(best.Label);
                json.WriteNumberValue((double)best.Probability * 100);
                json.WriteEndArray();
            }
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"Computed in {elapsed.TotalMilliseconds:0.##} ms"));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static byte[] Picture(JsonElement element, int index)
    {
        if (element.ValueKind != JsonValueKind.String) throw Wrong($"Picture {index} is no string.");
        var text = element.GetBytesFromText().AsSpan();
        if (text.Length > 2 && text.StartsWith("b'"u8) && text[^1] == '\'') text = text[2..^1];
        var picture = new byte[text.Length / 4 * 3 + 3];
        return System.Buffers.Text.Base64.DecodeFromUtf8(text, picture, out _, out var written) == System.Buffers.OperationStatus.Done && written > 0
            ? picture[..written]
            : throw Wrong($"Picture {index} is not base64.");
    }

    private static byte[] GetBytesFromText(this JsonElement text)
    {
        try { return System.Text.Encoding.UTF8.GetBytes(text.GetString()!); }
        catch (InvalidOperationException) { throw Wrong("A string of the body is not valid text."); }   // a lone surrogate
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> json, string place)
    {
        try { return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4 }); }
        catch (JsonException problem) { throw Wrong($"{place} is not valid JSON (line {problem.LineNumber + 1}, byte {problem.BytePositionInLine})."); }
    }

    private static InferenceFault Wrong(string reason) => new(FaultKind.InvalidInput, reason);
}
