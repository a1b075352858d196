using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace ModelPlatform.Inference.Protocol.Score;

/// <summary>
/// Reads a request of the 2018 recipe: <c>{"input": "[\"&lt;base64&gt;\", …]"}</c>, a string that itself holds an array; each picture may come as Python
/// prints its bytes, <c>b'…'</c>.
/// </summary>
internal static class ScoreReader
{
    private const int MaxDepth = 4;

    /// <exception cref="InferenceFault">Names the place in the body and what is wrong there.</exception>
    public static IReadOnlyList<byte[]> Read(ReadOnlySpan<byte> body, int maxPictures)
    {
        var outer = Reader(body);
        byte[] input;
        try { input = Input(ref outer); }
        catch (JsonException problem) { throw JsonText.NotJson("The body", problem); }

        var inner = Reader(input);
        try { return Pictures(ref inner, maxPictures); }
        catch (JsonException problem) { throw JsonText.NotJson("'input'", problem); }
    }

    private static byte[] Input(ref Utf8JsonReader json)
    {
        byte[]? input = null;
        json.Read();
        if (json.TokenType == JsonTokenType.StartObject)
        {
            while (json.NextMember() is { } member)
            {
                if (member == "input" && json.TokenType == JsonTokenType.String) input = json.Utf8("'input'");
                else json.Skip();
            }
            json.RequireEnd();
        }
        return input ?? throw JsonText.Wrong("The body must be an object whose 'input' is a string that holds a JSON array of base64 strings.");
    }

    private static List<byte[]> Pictures(ref Utf8JsonReader json, int maxPictures)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray) throw JsonText.Wrong("'input' must hold a JSON array of base64 strings.");
        var count = Count(json);
        if (count > maxPictures) throw new InferenceFault(FaultKind.TooLarge, $"'input' holds {count} pictures; the limit is {maxPictures}.");

        var pictures = new List<byte[]>(count);
        for (json.Read(); json.TokenType != JsonTokenType.EndArray; json.Read())
        {
            if (json.TokenType != JsonTokenType.String) throw JsonText.Wrong($"Picture {pictures.Count} is no string.");
            pictures.Add(json.ValueIsEscaped ? Picture(json.Utf8($"Picture {pictures.Count}"), pictures.Count) : Picture(json.ValueSpan, pictures.Count));
        }
        json.RequireEnd();
        return pictures;
    }

    private static int Count(Utf8JsonReader json)
    {
        var count = 0;
        for (json.Read(); json.TokenType != JsonTokenType.EndArray; json.Read(), count++) json.Skip();
        return count;
    }

    private static byte[] Picture(ReadOnlySpan<byte> text, int index)
    {
        if (text.Length > 2 && text.StartsWith("b'"u8) && text[^1] == '\'') text = text[2..^1];
        var picture = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length) + 3];
        return Base64.DecodeFromUtf8(text, picture, out _, out var written) == OperationStatus.Done && written > 0
            ? picture[..written]
            : throw JsonText.Wrong($"Picture {index} is not base64.");
    }

    private static Utf8JsonReader Reader(ReadOnlySpan<byte> json) => new(json, new JsonReaderOptions { MaxDepth = MaxDepth });
}
