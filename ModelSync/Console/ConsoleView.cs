using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Console;

/// <summary>What the console shows at one moment, made of what is in memory. Public like all that is a parameter of a component.</summary>
/// <param name="Generation">Null where nothing was published yet.</param>
/// <param name="MoreReplicas">That are there too and not shown.</param>
public sealed record ConsoleView(
    long? Generation,
    DateTimeOffset? Published,
    IReadOnlyList<ModelView> Models,
    IReadOnlyList<ReplicaView> Replicas,
    int MoreReplicas,
    IReadOnlyList<HistoryEntry> History,
    IReadOnlyList<RepositoryProblem> Problems)
{
    // Beyond, a table is of no use to anybody; GET /v1/replicas has them all.
    public const int MaxReplicas = 200;

    /// <summary>Why this ModelSync does not lead, and knows little; null where it does.</summary>
    public string? Obstacle { get; init; }

    public static ConsoleView Of(
        DesiredState? published, ModelOverrides wishes, IReadOnlyList<ReplicaStatus> replicas, IReadOnlyList<HistoryEntry> history, IReadOnlyList<RepositoryProblem> problems)
    {
        var models = (published ?? DesiredState.Empty).Models;
        var connected = replicas.Where(replica => replica.Connected).ToList();
        return new ConsoleView(
            published?.Generation,
            published?.Published,
            [.. models.Keys.Concat(wishes.Models.Keys).Distinct().Order().Select(name => ModelView.Of(name, models.GetValueOrDefault(name) ?? Unloaded, wishes, connected))],
            [.. replicas.OrderByDescending(replica => ReplicaView.IsOfInterest(replica, published)).Take(MaxReplicas).Select(replica => ReplicaView.Of(replica, published))],
            Math.Max(replicas.Count - MaxReplicas, 0),
            history,
            problems);
    }

    private static DesiredModel Unloaded { get; } = new() { Versions = [] };
}
