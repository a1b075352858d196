using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Rollouts;

/// <summary>What the replicas of one rollout have done since it was first looked at.</summary>
internal sealed class RolloutCalls
{
    private readonly Dictionary<ModelName, (long Generation, Dictionary<ReplicaId, VersionCalls> First)> _begun = [];

    /// <returns>Of the new version on those that have it, and of the version before on the others.</returns>
    public (VersionCalls Proving, VersionCalls Before) Look(ModelName name, DesiredModel? published, IReadOnlyList<RolloutReplica> replicas)
    {
        if (published?.Candidate is not { } candidate || published.Proved is not [var proved, ..])
        {
            _begun.Remove(name);
            return (VersionCalls.None, VersionCalls.None);
        }
        if (!_begun.TryGetValue(name, out var begun) || begun.Generation != candidate.Generation) _begun[name] = begun = (candidate.Generation, []);
        var (proving, before) = (VersionCalls.None, VersionCalls.None);
        foreach (var replica in replicas)
        {
            if (published.Replicas.ContainsKey(replica.Id)) proving = proving.Plus(CallsOf(replica, proved) ?? VersionCalls.None);
            else if (CallsOf(replica, published.Versions[0]) is { } calls)
            {
                if (!begun.First.TryGetValue(replica.Id, out var first)) begun.First[replica.Id] = first = calls;
                before = before.Plus(calls.Since(first));
            }
        }
        return (proving, before);
    }

    private static VersionCalls? CallsOf(RolloutReplica replica, DesiredVersion version) => replica.Versions.GetValueOrDefault(version.Identity)?.Calls;
}
