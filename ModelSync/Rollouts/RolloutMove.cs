using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Rollouts;

/// <summary>One model as it is to be published next, and what that means.</summary>
/// <param name="Kind">Null where nothing has happened that anybody would tell.</param>
/// <param name="Version">The version that it is about.</param>
/// <param name="Replicas">Those that it concerns.</param>
internal sealed record RolloutMove(
    DesiredModel Next, RolloutMoveKind? Kind = null, DesiredVersion? Version = null, string? Reason = null, IReadOnlyList<ReplicaId>? Replicas = null)
{
    /// <summary>Every further step of a rollout belongs to the trace in which it began.</summary>
    public DesiredModel InTrace(string? traceparent) =>
        Kind == RolloutMoveKind.Started ? Next with { Candidate = Next.Candidate! with { Traceparent = traceparent } } : Next;
}

internal enum RolloutMoveKind
{
    /// <summary>The first replicas get it.</summary>
    Started,

    /// <summary>Further replicas get it.</summary>
    Stepped,

    /// <summary>Everybody gets it.</summary>
    Live,

    /// <summary>It failed: everybody gets what was there before, and it is quarantined.</summary>
    RolledBack,

    /// <summary>Something else is wanted by now.</summary>
    Abandoned,
}
