using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Rollouts;

namespace ModelPlatform.Sync.Console;

public sealed record ReplicaView(string Id, bool Connected, long Generation, string? Address, IReadOnlyList<ReplicaVersionView> Versions)
{
    /// <summary>To be seen before the others.</summary>
    public bool IsOfInterest => !Connected || Versions.Any(version => version.IsCandidate || version.Reason is not null);

    public static ReplicaView Of(ReplicaStatus replica, DesiredState? published) => new(
        replica.Id,
        replica.Connected,
        replica.Generation,
        replica.Address,
        [
            .. from model in replica.Models.OrderBy(model => model.Key)
               from version in model.Value.OrderBy(version => version.Key)
               select new ReplicaVersionView(model.Key, version.Key, Words.Of(version.Value.State), version.Value.Reason, Proving.Includes(published, model.Key, version.Value.Identity)),
        ]);
}

/// <param name="State">In a word.</param>
/// <param name="IsCandidate">Whether a rollout has given it to the replica to prove it.</param>
public sealed record ReplicaVersionView(ModelName Model, ModelVersion Version, string State, string? Reason, bool IsCandidate);
