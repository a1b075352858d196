using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Rollouts;

/// <summary>One model as it is to be published next, and what that means.</summary>
/// <param name="Kind">Null where nothing has happened that anybody would tell.</param>
/// <param name="Version">The version that it is about.</param>
/// <param name="Replicas">Those that it concerns.</param>
internal sealed record RolloutMove(
    DesiredModel Next, HistoryKind? Kind = null, DesiredVersion? Version = null, string? Reason = null, IReadOnlyList<ReplicaId>? Replicas = null)
{
    /// <summary>Every further step of a rollout belongs to the trace in which it began.</summary>
    public DesiredModel InTrace(string? traceparent) =>
        Kind == HistoryKind.Started ? Next with { Candidate = Next.Candidate! with { Traceparent = traceparent } } : Next;
}
