using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Repository.Json;

/// <summary>Versions written by hand: <c>[3]</c> as well as <c>["3"]</c>.</summary>
internal sealed class VersionListConverter : JsonConverter<IReadOnlyList<ModelVersion>>
{
    public override IReadOnlyList<ModelVersion> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new RefusedValueException("A list of versions is expected.");
        var versions = new List<ModelVersion>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            versions.Add(reader.TokenType switch
            {
                JsonTokenType.String => Parse(reader.GetString()!),
                JsonTokenType.Number => Parse(Encoding.ASCII.GetString(reader.ValueSpan)),
                _ => throw new RefusedValueException("A version is a number or a string."),
            });
        }
        return versions;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<ModelVersion> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var version in value) writer.WriteNumberValue(version.Number);
        writer.WriteEndArray();
    }

    private static ModelVersion Parse(string text) =>
        ModelVersion.TryParse(text, out var version) ? version : throw new RefusedValueException($"'{Quoted.Of(text)}' is not a version ({ModelVersion.Rule}).");
}
