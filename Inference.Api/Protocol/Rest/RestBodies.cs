using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Inference.Protocol.Rest;

internal sealed record ServerBody(string Name, string Version, IReadOnlyList<string> Extensions);

internal sealed record LiveBody(bool Live);

internal sealed record ReadyBody(bool Ready, string? Reason = null);

internal sealed record ModelReadyBody(string Name, bool Ready);

internal sealed record TensorBody(string Name, string Datatype, long[] Shape);

internal sealed record ModelBody(string Name, IReadOnlyList<string> Versions, string Platform, IReadOnlyList<TensorBody> Inputs, IReadOnlyList<TensorBody> Outputs);

internal sealed record ModelsBody(IReadOnlyList<string> Models);

internal sealed record PredictionBody(string Label, int Index, float Probability);

internal sealed record ClassifyBody(
    [property: JsonPropertyName("model_name")] string ModelName,
    [property: JsonPropertyName("model_version")] string ModelVersion,
    IReadOnlyList<PredictionBody> Predictions);

internal sealed record PictureBody(IReadOnlyList<PredictionBody> Predictions);

internal sealed record ClassifyManyBody(
    [property: JsonPropertyName("model_name")] string ModelName,
    [property: JsonPropertyName("model_version")] string ModelVersion,
    IReadOnlyList<PictureBody> Pictures);

internal sealed record LoadedBody(string Name, bool? Load = null, bool? Unload = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(ServerBody))]
[JsonSerializable(typeof(LiveBody))]
[JsonSerializable(typeof(ReadyBody))]
[JsonSerializable(typeof(ModelReadyBody))]
[JsonSerializable(typeof(ModelBody))]
[JsonSerializable(typeof(ModelsBody))]
[JsonSerializable(typeof(ClassifyBody))]
[JsonSerializable(typeof(ClassifyManyBody))]
[JsonSerializable(typeof(LoadedBody))]
[JsonSerializable(typeof(RepositoryEntry[]))]
internal sealed partial class RestJson : JsonSerializerContext
{
    /// <summary>For answers: apostrophes and letters as they are, since nobody embeds them in HTML.</summary>
    public static RestJson Readable => field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
