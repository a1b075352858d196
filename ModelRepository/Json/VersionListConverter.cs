using System.Text.Json;
using System.Text.Json.Serialization;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Repository.Json;

/// <summary>Versions written by hand: <c>[3]</c> as well as <c>["3"]</c>.</summary>
internal sealed class VersionListConverter : JsonConverter<IReadOnlyList<ModelVersion>>
{
    public override IReadOnlyList<ModelVersion> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("A list of versions is expected.");
        var versions = new List<ModelVersion>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var text = reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString(),
                JsonTokenType.Number => System.Text.Encoding.ASCII.GetString(reader.ValueSpan),
                _ => null,
            };
            versions.Add(ModelVersion.TryParse(text, out var version) ? version : throw new JsonException($"'{Quoted.Of(text)}' is not a version."));
        }
        return versions;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<ModelVersion> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var version in value) writer.WriteNumberValue(version.Number);
        writer.WriteEndArray();
    }
}
