using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelPlatform.Repository.Json;

/// <summary>Reads and writes a value that has a text form as a JSON string, also as a property's name.</summary>
public sealed class TextJsonConverter<T> : JsonConverter<T> where T : IParsable<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? Parse(reader.GetString()!) : throw new RefusedValueException("A string is expected.");

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WritePropertyName(value.ToString()!);

    private static T Parse(string text)
    {
        try { return T.Parse(text, null); }
        catch (FormatException reason) { throw new RefusedValueException(reason.Message); }
    }
}
