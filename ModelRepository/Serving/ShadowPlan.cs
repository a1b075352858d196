using System.Text.Json.Serialization;

namespace ModelPlatform.Repository.Serving;

/// <summary>
/// Before the first replicas of a rollout answer with the new version, they answer with the old one and let the new one answer a share of the same calls,
/// which nobody sees, and compare.
/// </summary>
/// <param name="Share">Of the calls, above 0 and at most 1.</param>
/// <param name="MinAgreement">Of the calls that must have the same answer, from 0 to 1: the same first class of a classifier, else every output within the tolerance.</param>
/// <param name="MaxLatencyRatio">A run may take so many times as long.</param>
/// <param name="Tolerance">The largest absolute difference of an output's elements.</param>
/// <param name="MinCalls">Calls compared before anything is concluded from them.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ShadowPlan(double Share = 0.1, double? MinAgreement = null, double? MaxLatencyRatio = null, double Tolerance = 0.001, int MinCalls = 20)
{
    public static readonly TimeSpan DefaultFor = TimeSpan.FromMinutes(1);

    /// <summary>How long; a minute where it is not said.</summary>
    public TimeSpan? For { get; init; }

    internal (string Member, string Reason)? Problem()
    {
        if (Share is not (> 0 and <= 1)) return ("rollout.shadow.share", "It must be above 0 and at most 1.");
        if (MinAgreement is not (null or >= 0 and <= 1)) return ("rollout.shadow.minAgreement", "It must lie between 0 and 1.");
        if (MaxLatencyRatio is not (null or >= 1)) return ("rollout.shadow.maxLatencyRatio", "It must be at least 1.");
        if (Tolerance is not >= 0) return ("rollout.shadow.tolerance", "It must not be negative.");
        if (MinCalls < 1) return ("rollout.shadow.minCalls", "It must be at least 1.");
        return For < TimeSpan.Zero ? ("rollout.shadow.for", "It must not be negative.") : null;
    }
}
