using System.Text.Json.Serialization;

namespace ModelPlatform.Repository.Serving;

/// <summary>How a version that no replica has served yet is brought out: to a few replicas first, and to the others once it has proved itself there.</summary>
/// <param name="First">Replicas that get it before all others.</param>
/// <param name="AtOnce">Replicas that get it at once after those; all that are left where it is not said.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RolloutPlan(int First = 1, int? AtOnce = null)
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(10);

    /// <summary>How long the first replicas serve it before others get it; not at all where it is not said.</summary>
    public TimeSpan? Bake { get; init; }

    /// <summary>How long the replicas of one step may take to serve it; ten minutes where it is not said.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What stops it while it bakes; nothing but a failure to load where it is not said.</summary>
    public RolloutGuard? Guard { get; init; }

    /// <summary>How it is compared with the version before while that still answers; not at all where it is not said.</summary>
    public ShadowPlan? Shadow { get; init; }

    internal (string Member, string Reason)? Problem()
    {
        if (First < 1) return ("rollout.first", "It must be at least 1.");
        if (AtOnce < 1) return ("rollout.atOnce", "It must be at least 1.");
        if (Bake < TimeSpan.Zero) return ("rollout.bake", "It must not be negative.");
        if (Timeout <= TimeSpan.Zero) return ("rollout.timeout", "It must be longer than nothing.");
        return Guard?.Problem() ?? Shadow?.Problem();
    }
}

/// <summary>What a version may not do while it bakes, held against the version before on the replicas that have that still.</summary>
/// <param name="MaxErrorRate">Of its calls that may fail, from 0 to 1.</param>
/// <param name="MaxLatencyRatio">Its mean run may take so many times as long as that of the version before.</param>
/// <param name="MinCalls">Calls of each version before anything is concluded from them.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RolloutGuard(double? MaxErrorRate = null, double? MaxLatencyRatio = null, int MinCalls = 20)
{
    internal (string Member, string Reason)? Problem()
    {
        if (MaxErrorRate is not (null or >= 0 and <= 1)) return ("rollout.guard.maxErrorRate", "It must lie between 0 and 1.");
        if (MaxLatencyRatio is not (null or >= 1)) return ("rollout.guard.maxLatencyRatio", "It must be at least 1.");
        return MinCalls < 1 ? ("rollout.guard.minCalls", "It must be at least 1.") : null;
    }
}
