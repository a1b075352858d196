using System.Text.Json;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>
/// The parameters of a call, an input or an output: scalars by name. Those that we know are kept; others may be meant for another server and are
/// left aside.
/// </summary>
internal struct JsonParameters
{
    /// <summary>The bytes that an input has in the binary part of the body.</summary>
    public long? BinaryDataSize { get; private set; }

    /// <summary>Whether an output is to go back in binary form.</summary>
    public bool? BinaryData { get; private set; }

    /// <summary>Whether all outputs are that say nothing else.</summary>
    public bool? BinaryDataOutput { get; private set; }

    /// <summary>Of an output: how many of its classes are to go back instead of all its values.</summary>
    public long? Classification { get; private set; }

    /// <summary>Reads the object at which the reader stands, to its end.</summary>
    /// <exception cref="InferenceFault">Names the parameter and what is wrong with it.</exception>
    public static JsonParameters Read(ref Utf8JsonReader json, string place)
    {
        var parameters = new JsonParameters();
        if (json.TokenType == JsonTokenType.Null) return parameters;
        json.RequireObject(place);
        while (json.NextMember() is { } name)
        {
            switch (name)
            {
                case "binary_data_size": Once(parameters.BinaryDataSize, place, name); parameters.BinaryDataSize = Size(ref json, place, name); break;
                case "binary_data": Once(parameters.BinaryData, place, name); parameters.BinaryData = Flag(ref json, place, name); break;
                case "binary_data_output": Once(parameters.BinaryDataOutput, place, name); parameters.BinaryDataOutput = Flag(ref json, place, name); break;
                case "classification": Once(parameters.Classification, place, name); parameters.Classification = Classes(ref json, place, name); break;
                case var _ when json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray: throw JsonText.Wrong($"{place} must hold strings, numbers and booleans.");
            }
        }
        return parameters;
    }

    private static long Size(ref Utf8JsonReader json, string place, string name) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var size) && size >= 0 ? size : throw JsonText.Wrong($"{place}.{name} must be a number of bytes.");

    private static long Classes(ref Utf8JsonReader json, string place, string name) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var classes) && classes > 0 ? classes : throw JsonText.Wrong($"{place}.{name} must be a number of classes.");

    private static bool Flag(ref Utf8JsonReader json, string place, string name) => json.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw JsonText.Wrong($"{place}.{name} must be true or false."),
    };

    private static void Once(object? before, string place, string name) => JsonText.RequireFirst(before, $"{place}.{name}");
}
