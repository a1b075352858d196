using System.Text.Json;

namespace ModelPlatform.Repository.Json;

/// <summary>What the serializer says of CLR types, put as what the author of a document must know.</summary>
internal static class JsonProblem
{
    // Words of the framework's messages, which are not localized, in the order in which they decide.
    private static readonly (string Words, string Reason)[] Reasons =
    [
        ("could not be mapped to any .NET member", "This member is not known."),
        ("Duplicate propert", "It is there twice."),
        ("doesn't allow null values", "It must not be null."),
        ("as a string", "A string is expected."),
        ("as a number", "A number is expected."),
        ("as a boolean", "true or false is expected."),
        ("for an Int32", "A whole number of at most 32 bits is expected."),
        ("for an Int64", "A whole number of at most 64 bits is expected."),
        ("TimeSpan", "A duration such as \"00:00:05\" is expected."),
        ("DateTimeOffset", "A time such as \"2026-11-22T10:00:00Z\" is expected."),
        ("UTF-", "It is not valid Unicode."),
        ("IReadOnlyList", "A list is expected."),
    ];

    public static string ReasonOf(JsonException problem)
    {
        if (problem is RefusedValueException) return problem.Message;
        var message = problem.InnerException?.Message ?? problem.Message;

        // "… was missing required properties including: 'sha256'. Path: …"
        if (message.Split("required properties including: ", 2) is [_, var missing]) return $"It lacks {missing.Split('.', 2)[0]}.";
        return Reasons.FirstOrDefault(known => message.Contains(known.Words, StringComparison.Ordinal)).Reason ?? "An object is expected.";
    }
}
