using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ModelPlatform.Sync.Replicas;

internal sealed class ReplicaOptions
{
    public const string Section = "Replicas";

    /// <summary>The time between two signs of life on a watch. Replicas take 30 s of silence (their Reload:WatchSilence) for the end.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:15")]
    public TimeSpan HeartbeatEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a replica without a watch still counts as there: they try again every 5 s at least. One that is longer away is gone, with what it was loading.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Beyond this many replicas a new one is refused with 503.</summary>
    [Range(1, 100_000)]
    public int MaxReplicas { get; set; } = 1000;
}

[OptionsValidator]
internal sealed partial class ReplicaOptionsValidator : IValidateOptions<ReplicaOptions>;
