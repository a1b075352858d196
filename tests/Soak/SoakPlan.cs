using System.Globalization;

namespace ModelPlatform.Tests.Soak;

/// <summary>How long the soak is; shorter ones are for trying it.</summary>
/// <param name="Reloads">Versions that come into service one after the other.</param>
/// <param name="Outage">How long storage is away afterwards.</param>
internal sealed record SoakPlan(int Reloads, TimeSpan Outage)
{
    /// <summary>What is there after so many reloads is the measure for everything later.</summary>
    public const int Settled = 10;

    /// <summary>Versions that stay in the container: ModelSync needs memory for what it lists, and that is no leak.</summary>
    public const int Kept = 10;

    /// <summary>Low enough to be reached while the soak settles.</summary>
    public const long CacheBytes = 1 << 20;

    public static SoakPlan FromEnvironment()
    {
        var plan = new SoakPlan(
            int.Parse(Environment.GetEnvironmentVariable("SOAK_RELOADS") ?? "200", CultureInfo.InvariantCulture),
            TimeSpan.Parse(Environment.GetEnvironmentVariable("SOAK_OUTAGE") ?? "00:10:00", CultureInfo.InvariantCulture));
        return plan.Reloads >= 2 * Settled ? plan : throw new InvalidOperationException($"A soak has at least {2 * Settled} reloads.");
    }
}
