using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Rollouts;

namespace ModelPlatform.Sync.Console;

public sealed record ReplicaView(string Id, bool Connected, long Generation, string? Address, IReadOnlyList<ReplicaVersionView> Versions)
{
    /// <summary>Whether it is to be seen before others: it is not connected, has a reason to tell, or proves something.</summary>
    public static bool IsOfInterest(ReplicaStatus replica, DesiredState? published) => !replica.Connected
        || replica.Models.Any(model => model.Value.Values.Any(version => version.Reason is not null || Proving.Includes(published, model.Key, version.Identity)));

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
