using System.Text.Json.Serialization;

namespace ModelPlatform.Inference.Protocol.Rest;

internal sealed record StatisticsBody(IReadOnlyList<VersionStatisticsBody> ModelStats);

internal sealed record VersionStatisticsBody(
    string Name, string Version, long LastInference, long InferenceCount, long ExecutionCount, InferenceTimesBody InferenceStats,
    IReadOnlyDictionary<string, DurationBody> ResponseStats, IReadOnlyList<BatchTimesBody> BatchStats, IReadOnlyList<MemoryBody> MemoryUsage);

internal sealed record DurationBody(long Count, long Ns);

internal sealed record InferenceTimesBody(
    DurationBody Success, DurationBody Fail, DurationBody Queue, DurationBody ComputeInput, DurationBody ComputeInfer, DurationBody ComputeOutput,
    DurationBody CacheHit, DurationBody CacheMiss);

internal sealed record BatchTimesBody(int BatchSize, DurationBody ComputeInput, DurationBody ComputeInfer, DurationBody ComputeOutput);

internal sealed record MemoryBody(string Type, long Id, long ByteSize);

internal sealed record ConfigurationBody(
    string Name, string Platform, string Backend, VersionPolicyBody VersionPolicy, int MaxBatchSize,
    IReadOnlyList<ConfiguredInputBody> Input, IReadOnlyList<ConfiguredOutputBody> Output,
    DynamicBatchingBody? DynamicBatching, IReadOnlyList<InstanceGroupBody> InstanceGroup);

internal sealed record VersionPolicyBody(SpecificVersionsBody Specific);

internal sealed record SpecificVersionsBody(IReadOnlyList<long> Versions);

internal sealed record ConfiguredInputBody(string Name, string DataType, string Format, long[] Dims, bool Optional = false);

internal sealed record ConfiguredOutputBody(string Name, string DataType, long[] Dims);

internal sealed record DynamicBatchingBody(IReadOnlyList<int> PreferredBatchSize, long MaxQueueDelayMicroseconds, bool PreserveOrdering);

internal sealed record InstanceGroupBody(string Name, string Kind, int Count, IReadOnlyList<int> Gpus);

/// <summary>Bodies of the extensions that come from Triton: the JSON form of its protocol buffers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StatisticsBody))]
[JsonSerializable(typeof(ConfigurationBody))]
internal sealed partial class TritonJson : JsonSerializerContext;
