using System.Text.Json;

namespace ModelPlatform.Inference.Protocol;

/// <summary>What reading the JSON of a request has in common: clients send anything, and each refusal says where it stumbled.</summary>
internal static class JsonText
{
    // No name of a member that we know is longer; a longer one is never made into a string.
    private const int LongestName = 32;

    /// <summary>A body that is small and has to be an object.</summary>
    /// <exception cref="InferenceFault">It is no JSON, or something else.</exception>
    public static JsonDocument ObjectOf(ReadOnlyMemory<byte> body, int maxDepth)
    {
        try
        {
            var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = maxDepth });
            if (json.RootElement.ValueKind == JsonValueKind.Object) return json;
            json.Dispose();
            throw Wrong("The body must be a JSON object.");
        }
        catch (JsonException problem) { throw NotJson("The body", problem); }
    }

    /// <summary>Goes to the next member's value and gives the member's name, empty for one that nobody here knows; null at the object's end.</summary>
    public static string? NextMember(this ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.EndObject) return null;
        var name = json.ValueSpan.Length <= LongestName ? json.Text("a member's name") : "";
        json.Read();
        return name;
    }

    /// <summary>Goes to the next element of an array; false at its end.</summary>
    public static bool NextElement(this ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType != JsonTokenType.EndArray;
    }

    public static void RequireArray(this ref Utf8JsonReader json, string place)
    {
        if (json.TokenType != JsonTokenType.StartArray) throw Wrong($"{place} must be an array.");
    }

    public static void RequireObject(this ref Utf8JsonReader json, string place)
    {
        if (json.TokenType != JsonTokenType.StartObject) throw Wrong($"{place} must be an object.");
    }

    public static void RequireFirst(object? before, string place)
    {
        if (before is not null) throw Twice(place);
    }

    /// <summary>The string, or name of a member, at which the reader stands.</summary>
    public static string Text(this ref Utf8JsonReader json, string place)
    {
        if (json.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName)) throw Wrong($"{place} must be a string.");
        try { return json.GetString()!; }
        catch (InvalidOperationException) { throw NotText(place); }
    }

    /// <summary>The same as UTF-8, unescaped: half the memory, for strings of many megabytes.</summary>
    public static byte[] Utf8(this ref Utf8JsonReader json, string place)
    {
        var text = new byte[json.ValueSpan.Length];
        try { return text[..json.CopyString(text)]; }
        catch (InvalidOperationException) { throw NotText(place); }
    }

    /// <summary>Nothing but white space may follow; anything else is what <see cref="JsonException"/> is thrown for.</summary>
    public static void RequireEnd(this ref Utf8JsonReader json) => json.Read();

    public static InferenceFault NotJson(string what, JsonException problem)
    {
        // The framework's words, which are not localized.
        var reason = problem.Message.Contains("maximum configured depth", StringComparison.Ordinal) ? "is nested too deep" : "is not valid JSON";
        return Wrong($"{what} {reason} (line {problem.LineNumber + 1}, byte {problem.BytePositionInLine}).");
    }

    public static InferenceFault Missing(string place) => Wrong($"{place} is missing.");

    public static InferenceFault Twice(string place) => Wrong($"{place} is there more than once.");

    public static InferenceFault Wrong(string reason) => new(FaultKind.InvalidInput, reason);

    // A lone surrogate, or bytes that are no UTF-8.
    private static InferenceFault NotText(string place) => Wrong($"{place} is not valid text.");
}
