using System.Text.Json.Serialization;
using ModelPlatform.Repository.Json;

namespace ModelPlatform.Repository.Manifests;

/// <summary>What the processors are used for.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<ExecutionProfile>))]
public enum ExecutionProfile
{
    /// <summary>A run for each processor, of one thread each: the most answers in a second, and steady under load.</summary>
    Throughput,

    /// <summary>One run at a time on all processors: the quickest single answer of a machine that has little else to do.</summary>
    Latency,
}
