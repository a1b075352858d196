using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Console;

/// <param name="Serving">Connected replicas that serve exactly this content.</param>
/// <param name="Reason">Of the quarantine.</param>
public sealed record VersionView(ModelVersion Version, Identity Identity, VersionRole Role, int Serving, long Bytes, string? Reason = null)
{
    public static VersionView Of(ModelName model, DesiredVersion version, VersionRole role, IReadOnlyList<ReplicaStatus> replicas, string? reason = null) =>
        new(version.Version, version.Identity, role, replicas.Count(replica => IsServedBy(replica, model, version)), version.Bytes, reason);

    public static bool IsServedBy(ReplicaStatus replica, ModelName model, DesiredVersion version) => SaidBy(replica, model, version) is { State: AckState.Serving };

    /// <summary>What a replica last said of exactly this content.</summary>
    public static VersionStatus? SaidBy(ReplicaStatus replica, ModelName model, DesiredVersion version) =>
        replica.Models.GetValueOrDefault(model)?.GetValueOrDefault(version.Version) is { } said && said.Identity == version.Identity ? said : null;
}

public enum VersionRole
{
    /// <summary>In a rollout: on the replicas that were given it.</summary>
    Candidate,

    /// <summary>To be served by every replica that has nothing else.</summary>
    Wanted,

    /// <summary>Known good, and served where what is wanted turns out bad.</summary>
    Fallback,

    /// <summary>Failed, and given to none.</summary>
    Quarantined,
}
