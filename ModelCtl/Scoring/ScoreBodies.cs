using System.Text.Json.Serialization;

namespace ModelPlatform.Cli.Scoring;

internal sealed record ScoreBody(
    [property: JsonPropertyName("model_name")] string ModelName,
    [property: JsonPropertyName("model_version")] string ModelVersion,
    IReadOnlyList<ScoredLabel> Predictions);

internal sealed record ScoredLabel(string Label, int Index, float Probability);

internal sealed record FaultBody(string? Error);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ScoreBody))]
[JsonSerializable(typeof(FaultBody))]
internal sealed partial class ScoreJson : JsonSerializerContext;
