using System.Globalization;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Replicas;

namespace ModelPlatform.Sync.Rollouts;

/// <summary>What ends a rollout: the first replica that cannot serve it. Nothing that was said of an earlier try counts.</summary>
internal static class RolloutFailure
{
    /// <param name="proved">The versions that are new in it.</param>
    /// <param name="having">The replicas that have it.</param>
    public static (DesiredVersion Version, string Reason)? Find(
        DesiredModel current, IReadOnlyList<DesiredVersion> proved, IReadOnlyList<RolloutReplica> having, RolloutSituation now)
    {
        var since = current.Candidate!.Generation;
        foreach (var version in proved)
        {
            if (having.FirstOrDefault(Rejects) is { } rejecting) return (version, $"{rejecting.Id}: {rejecting.Versions[version.Identity].Reason}");
            var ended = now.Interruptions.Where(IsOfThis).ToList();
            if (ended.Find(interruption => interruption.WasLoading) is { } loading) return (version, Ended(loading));
            // One may have had any reason. That it also happens to the next of the few that are to prove it is the version's, until it is shown not to be.
            if (ended.Count > 1 && current.Replicas.Count <= now.Policy.First)
                return (version, $"{ended[^1].Replica}: Its process ended while it served the version, as that of {ended[0].Replica} did before.");

            bool Rejects(RolloutReplica replica) =>
                replica.Versions.GetValueOrDefault(version.Identity) is { State: AckState.Rejected } said && said.Generation >= since;
            bool IsOfThis(Interruption interruption) => interruption.Identity == version.Identity && interruption.Generation >= since;
        }
        if (now.Policy.Guard is { } guard && GuardHit.Find(guard, now.Proving, now.Before) is { } hit) return (proved[0], hit);
        return TooLate(current, proved, having, now);
    }

    /// <summary>A version that no replica serves and in whose load a process has ended: it would end every process that is started.</summary>
    public static (DesiredVersion Version, string Reason)? FindCrashLoop(DesiredModel wanted, RolloutSituation now)
    {
        // What has been served by somebody does not end every process: what ended that one was something else.
        foreach (var version in wanted.Versions.Where(version => !now.Good.Contains(version.Identity)))
        {
            var ended = now.Interruptions.FirstOrDefault(interruption => interruption.WasLoading && interruption.Identity == version.Identity);
            if (ended is not null && !now.Replicas.Any(replica => replica.Serves([version]))) return (version, Ended(ended));
        }
        return null;
    }

    private static string Ended(Interruption interruption) => $"{interruption.Replica}: Its process ended while it loaded the version.";

    private static (DesiredVersion Version, string Reason)? TooLate(DesiredModel current, IReadOnlyList<DesiredVersion> proved, IReadOnlyList<RolloutReplica> having, RolloutSituation now)
    {
        var timeout = now.Policy.Timeout ?? RolloutPlan.DefaultTimeout;
        if (now.SinceServed is not null || now.SinceStep < timeout) return null;
        foreach (var replica in having)
        {
            if (proved.FirstOrDefault(version => !replica.Serves([version])) is not { } version || replica.Has(proved, current.Replicas[replica.Id])) continue;
            var said = replica.Versions.GetValueOrDefault(version.Identity);
            var what = said is null ? "it has said nothing of it" : $"it is {said.State.ToString().ToLowerInvariant()}{(said.Reason is null ? "" : $": {said.Reason}")}";
            return (version, string.Create(CultureInfo.InvariantCulture, $"{replica.Id}: It does not serve it after {timeout}; {what}"));
        }
        return null;
    }
}
