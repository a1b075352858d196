using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelPlatform.Cli.Scoring;

internal sealed record ScoreBody(
    [property: JsonPropertyName("model_name")] string ModelName,
    [property: JsonPropertyName("model_version")] string ModelVersion,
    IReadOnlyList<ScoredLabel> Predictions)
{
    /// <exception cref="JsonException">It has another form.</exception>
    public static ScoreBody Parse(byte[] json) => JsonSerializer.Deserialize(json, ScoreJson.Default.ScoreBody) ?? throw new JsonException();
}

internal sealed record ScoredLabel(string Label, int Index, float Probability);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ScoreBody))]
[JsonSerializable(typeof(LegacyBody))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class ScoreJson : JsonSerializerContext;
