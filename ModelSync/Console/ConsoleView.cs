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
    IReadOnlyList<RepositoryProblem> Problems)
{
    // Beyond, a table is of no use to anybody; GET /v1/replicas has them all.
    public const int MaxReplicas = 200;

    public static ConsoleView Of(DesiredState? published, IReadOnlyList<ReplicaStatus> replicas, IReadOnlyList<RepositoryProblem> problems)
    {
        var connected = replicas.Where(replica => replica.Connected).ToList();
        return new ConsoleView(
            published?.Generation,
            published?.Published,
            [.. (published ?? DesiredState.Empty).Models.OrderBy(model => model.Key).Select(model => ModelView.Of(model.Key, model.Value, connected))],
            [.. replicas.Select(replica => ReplicaView.Of(replica, published)).OrderByDescending(replica => replica.IsOfInterest).Take(MaxReplicas)],
            Math.Max(replicas.Count - MaxReplicas, 0),
            problems);
    }
}
