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
    public static IReadOnlyList<ReadOnlyMemory<byte>> Read(ReadOnlySpan<byte> body, int maxPictures)
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

    private static List<ReadOnlyMemory<byte>> Pictures(ref Utf8JsonReader json, int maxPictures)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray) throw JsonText.Wrong("'input' must hold a JSON array of base64 strings.");
        var pictures = Base64Pictures.Read(ref json, "'input'", maxPictures);
        json.RequireEnd();
        return pictures;
    }

    private static Utf8JsonReader Reader(ReadOnlySpan<byte> json) => new(json, new JsonReaderOptions { MaxDepth = MaxDepth });
}
