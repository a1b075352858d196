using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Console;

/// <summary>A rollout on its way.</summary>
/// <param name="Total">Connected replicas.</param>
/// <param name="MoreReplicas">That have been given it too and are not shown.</param>
public sealed record RolloutView(string Says, int Serving, int Total, IReadOnlyList<RolloutReplicaView> Replicas, int MoreReplicas)
{
    // Every change is sent to every open page as a whole. The table of replicas has more of them.
    public const int MaxReplicas = 50;

    /// <param name="proved">The versions that are new in it.</param>
    public static RolloutView Of(ModelName name, DesiredModel model, IReadOnlyList<DesiredVersion> proved, IReadOnlyList<ReplicaStatus> connected)
    {
        var given = connected.Where(replica => PartOf(replica, model) is not null).ToList();
        var waiting = given.Where(IsWaiting).Select(replica => replica.Id).ToList();
        var serving = given.Count(replica => proved.All(version => VersionView.IsServedBy(replica, name, version)));
        var (to, from) = (string.Join(", ", proved.Select(version => version.Version)), string.Join(", ", model.Versions.Select(version => version.Version)));
        return new RolloutView(
            $"Version {to} comes in place of {from}: {serving} of {connected.Count} replicas serve it. {StageOf(model, given, waiting, connected.Count)}",
            serving,
            connected.Count,
            [.. given.OrderByDescending(IsWaiting).Take(MaxReplicas).SelectMany(replica => proved.Select(version => RolloutReplicaView.Of(replica.Id, VersionView.SaidBy(replica, name, version))))],
            Math.Max(given.Count - MaxReplicas, 0));

        bool IsWaiting(ReplicaStatus replica) => !proved.All(version => VersionView.SaidBy(replica, name, version)?.State == Reached(PartOf(replica, model)));
    }

    private static RolloutPart? PartOf(ReplicaStatus replica, DesiredModel model) =>
        ReplicaId.TryParse(replica.Id, out var id) && model.Replicas.TryGetValue(id, out var part) ? part : null;

    private static AckState Reached(RolloutPart? part) => part == RolloutPart.Shadow ? AckState.Shadowing : AckState.Serving;

    private static string StageOf(DesiredModel model, List<ReplicaStatus> given, List<string> waiting, int connected)
    {
        if (given.Count == 0) return "No replica that has it is connected.";
        if (waiting.Count > 0) return $"It is loaded by {Words.Some(waiting)}.";
        var names = Words.Some(given.Select(replica => replica.Id));
        if (given.Exists(replica => PartOf(replica, model) == RolloutPart.Shadow)) return $"It runs in the shadow on {names}: its answers are compared, and nobody gets them.";
        return given.Count < connected ? $"It proves itself on {names} before others get it." : "It is about to become the version of all.";
    }
}

/// <param name="State">In a word.</param>
/// <param name="Calls">What the replica did with it so far, in words; null where it has not said.</param>
public sealed record RolloutReplicaView(string Id, string State, string? Reason, string? Calls)
{
    public static RolloutReplicaView Of(string id, VersionStatus? said) => new(
        id,
        said is null ? "not begun" : Words.Of(said.State),
        said?.Reason,
        said?.Shadow is { } shadow ? Words.Calls(shadow) : said?.Calls is { } calls ? Words.Calls(calls) : null);
}
