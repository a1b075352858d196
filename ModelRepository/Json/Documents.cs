using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Repository.Json;

internal static class Documents
{
    public static T Read<T>(string document, ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
    {
        var text = WithoutByteOrderMark(json);
        if (text.IsEmpty) throw new InvalidDocumentException(document, "", "It is empty.");
        try
        {
            return JsonSerializer.Deserialize(text, type) ?? throw new InvalidDocumentException(document, "", "It is null.");
        }
        catch (JsonException problem)
        {
            throw problem.InnerException is JsonException
                ? new InvalidDocumentException(document, "", $"It is not valid JSON at line {problem.LineNumber + 1}, byte {problem.BytePositionInLine + 1}.")
                : new InvalidDocumentException(document, MemberOf(problem), JsonProblem.ReasonOf(problem));
        }
    }

    // Editors on Windows write one; JSON text does not allow it.
    private static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> json) => json.StartsWith((byte[])[0xEF, 0xBB, 0xBF]) ? json[3..] : json;

    // "$.golden[0].label" or "$['model.onnx']"; names of members that are not known are whatever somebody wrote.
    private static string MemberOf(JsonException problem) => problem.Path is { Length: > 1 } path ? Quoted.Of(path[1..].TrimStart('.')) : "";
}
