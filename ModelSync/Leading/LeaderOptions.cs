using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ModelPlatform.Sync.Leading;

internal sealed class LeaderOptions
{
    public const string Section = "Leader";

    /// <summary>How long the lease holds without being renewed, in whole seconds, and so how long standbys wait for a leader that died. It is renewed after a third.</summary>
    [Range(typeof(TimeSpan), "00:00:15", "00:01:00")]   // what Azure Storage gives
    public TimeSpan LeaseFor { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The least time between two tries of a standby to get the lease; up to as much again is added at random. Each try is billed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan TryEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A name that no other instance has at the same time, such as a pod's. Started again under it, an instance goes on with the lease that it had. By default host and process id, and the lease has to run out.</summary>
    public string? Instance { get; set; }

    public TimeSpan NextRenewal() => LeaseFor / 3;

    public TimeSpan NextTry() => TryEvery * (1 + Random.Shared.NextDouble());
}

[OptionsValidator]
internal sealed partial class LeaderOptionsValidator : IValidateOptions<LeaderOptions>;
