using System.Text.Json;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>Reads the pictures of <c>{"images": ["&lt;base64&gt;", …]}</c>.</summary>
internal static class JsonPictures
{
    private const int MaxDepth = 4;

    /// <exception cref="InferenceFault">Names the place in the body and what is wrong there.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Read(ReadOnlySpan<byte> body, int maxPictures)
    {
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        try { return Read(ref json, maxPictures); }
        catch (JsonException problem) { throw JsonText.NotJson("The body", problem); }
    }

    private static List<ReadOnlyMemory<byte>> Read(ref Utf8JsonReader json, int maxPictures)
    {
        List<ReadOnlyMemory<byte>>? pictures = null;
        json.Read();
        json.RequireObject("The body");
        while (json.NextMember() is { } member)
        {
            if (member != "images")
            {
                json.Skip();
                continue;
            }
            JsonText.RequireFirst(pictures, "'images'");
            json.RequireArray("'images'");
            pictures = Base64Pictures.Read(ref json, "'images'", maxPictures);
        }
        json.RequireEnd();
        return pictures is { Count: > 0 } ? pictures : throw JsonText.Wrong("'images' must be an array of base64 strings, at least one.");
    }
}
