using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ModelPlatform.Repository.Json;

internal static class Documents
{
    public static T Read<T>(string document, ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(WithoutByteOrderMark(json), type)
                ?? throw new InvalidDocumentException(document, "", "It is null.");
        }
        catch (JsonException problem)
        {
            throw new InvalidDocumentException(document, MemberOf(problem), ReasonOf(problem));
        }
    }

    // Editors on Windows write one; JSON text does not allow it.
    private static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> json) => json.StartsWith((byte[])[0xEF, 0xBB, 0xBF]) ? json[3..] : json;

    private static string MemberOf(JsonException problem) => problem.Path is { Length: > 2 } path ? path[2..] : "";

    // The serializer appends " Path: $.x | LineNumber: 1 | BytePositionInLine: 2." and names CLR types; neither helps the author of the file.
    private static string ReasonOf(JsonException problem)
    {
        var message = problem.Message.Split(" Path: $", 2)[0];
        if (message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal)) return "This member is not known.";
        if (message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal)) return "The value is not of the expected type.";
        if (message.Contains("was missing required properties", StringComparison.Ordinal))
            return $"Required members are missing{message[message.LastIndexOf(':')..]}";
        return message;
    }
}
