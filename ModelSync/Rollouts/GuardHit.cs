using System.Globalization;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Rollouts;

/// <summary>Holds what a new version does against what the one before does meanwhile on other replicas: both get the same kind of calls.</summary>
internal static class GuardHit
{
    /// <returns>What it does worse, in words; null where nothing is, or too little was done to tell.</returns>
    public static string? Find(RolloutGuard guard, VersionCalls proving, VersionCalls before)
    {
        if (Total(proving) < guard.MinCalls) return null;
        // Callers' own mistakes fail with every version.
        var (errors, others) = (ErrorRate(proving), Total(before) < guard.MinCalls ? 0 : ErrorRate(before));
        if (guard.MaxErrorRate is { } most && errors - others > most)
            return string.Create(CultureInfo.InvariantCulture, $"{errors:0.0 %} of its {Total(proving)} calls failed or gave no numbers, {others:0.0 %} with the version before; {most:0.0 %} more are allowed.");

        if (guard.MaxLatencyRatio is not { } ratio || proving.Answered < guard.MinCalls || before.Answered < guard.MinCalls) return null;
        var (mean, usual) = (MeanRun(proving), MeanRun(before));
        return mean <= usual * ratio ? null : string.Create(CultureInfo.InvariantCulture,
            $"A run takes {mean * 1000:0.00} ms, {mean / usual:0.0} times as long as the {usual * 1000:0.00} ms of the version before; {ratio:0.0#} times are allowed.");
    }

    private static long Total(VersionCalls calls) => calls.Answered + calls.Failed;

    private static double ErrorRate(VersionCalls calls) => (double)(calls.Failed + calls.NotNumbers) / Total(calls);

    private static double MeanRun(VersionCalls calls) => calls.RunSeconds / calls.Answered;
}
