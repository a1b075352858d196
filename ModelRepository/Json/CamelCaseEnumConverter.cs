using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelPlatform.Repository.Json;

/// <summary>An enumeration as its camel-case name. The framework's own converter would not say which names there are.</summary>
public sealed class CamelCaseEnumConverter<T> : JsonConverter<T> where T : struct, Enum
{
    private static readonly Dictionary<string, T> Values = Enum.GetValues<T>().ToDictionary(value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));
    private static readonly Dictionary<T, string> Names = Values.ToDictionary(pair => pair.Value, pair => pair.Key);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Values.TryGetValue(reader.GetString()!, out var value)
            ? value
            : throw new RefusedValueException($"It must be {string.Join(" or ", Values.Keys.Select(name => $"'{name}'"))}.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Names[value]);
}
