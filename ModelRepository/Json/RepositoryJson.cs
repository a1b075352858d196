using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModelPlatform.Repository.Manifests;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Repository.Json;

/// <summary>
/// Source-generated JSON of everything that lies in the repository or travels between the services. Members that have a default are settable:
/// the generated code assigns every init-only member, null or zero where the JSON leaves it out.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true)]
[JsonSerializable(typeof(ModelManifest))]
[JsonSerializable(typeof(ServingPolicy))]
[JsonSerializable(typeof(DesiredState))]
[JsonSerializable(typeof(ReplicaAck))]
[JsonSerializable(typeof(IReadOnlyList<ReplicaStatus>))]
[JsonSerializable(typeof(ModelOverrides))]
[JsonSerializable(typeof(IReadOnlyList<RepositoryProblem>))]
[JsonSerializable(typeof(WatchPointer))]
[JsonSerializable(typeof(VersionRequest))]
[JsonSerializable(typeof(IReadOnlyList<ModelStatus>))]
[JsonSerializable(typeof(IReadOnlyList<RolloutStatus>))]
[JsonSerializable(typeof(HistoryEntry))]
[JsonSerializable(typeof(IReadOnlyList<HistoryEntry>))]
public sealed partial class RepositoryJson : JsonSerializerContext
{
    /// <summary>For answers to people: apostrophes and letters as they are, since nobody embeds them in HTML.</summary>
    public static RepositoryJson Readable => field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>For files of one document a line.</summary>
    public static RepositoryJson Lines => field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = false });
}
