using System.Globalization;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Rollouts;

/// <summary>What speaks against a version after its time in the shadow.</summary>
internal static class ShadowVerdict
{
    /// <returns>Null where nothing does, or too few calls came to tell.</returns>
    public static string? Find(ShadowPlan plan, ShadowCalls calls)
    {
        if (calls.Compared < plan.MinCalls) return null;
        var agreement = (double)calls.Agreed / calls.Compared;
        if (plan.MinAgreement is { } least && agreement < least)
            return string.Create(CultureInfo.InvariantCulture, $"In the shadow it agreed in {agreement:0.0 %} of {calls.Compared} calls with the version before; {least:0.0 %} are wanted.");

        var ratio = calls.RunSeconds / calls.ServedRunSeconds;
        return plan.MaxLatencyRatio is { } most && ratio > most
            ? string.Create(CultureInfo.InvariantCulture, $"In the shadow a run takes {ratio:0.0} times as long as with the version before; {most:0.0#} times are allowed.")
            : null;
    }
}
