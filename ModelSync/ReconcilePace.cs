using Microsoft.Extensions.Options;
using ModelPlatform.ServiceDefaults;
using ModelPlatform.Sync.Detection;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Rollouts;

namespace ModelPlatform.Sync;

/// <summary>When the reconcile loop, which alone uses it, lists again, and when it plans again with the listing that it has.</summary>
internal sealed class ReconcilePace(
    StateFeed feed, Signal hint, RolloutTick tick, RolloutPlanning planning, NextListing listing, IOptions<RolloutOptions> rollouts)
{
    private bool IsRolling => feed.Current?.Document.Models.Values.Any(model => model.Candidate is not null) == true;

    /// <summary>Waits for something to do.</summary>
    /// <returns>False: it is time to list, by the clock or because somebody hints at a change.</returns>
    public async Task<bool> IsToPlanAgainAsync(CancellationToken ended)
    {
        var left = listing.Left;
        if (left <= TimeSpan.Zero) return false;
        // A rollout that waits for replicas to come has not begun, and has nothing else to wake it up.
        var isToLook = IsRolling || planning.IsSettling;
        var atMost = isToLook && rollouts.Value.LookEvery < left ? rollouts.Value.LookEvery : left;
        return !await Signal.IsFirstAsync(hint, tick.Signal, atMost, ended);
    }
}
