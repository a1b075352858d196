using System.Collections.Immutable;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Replicas;

/// <summary>What is known of one replica at one moment.</summary>
/// <param name="Watch">The newest of its connections while it is open.</param>
/// <param name="Seen">When it was last heard of; of interest only without a watch.</param>
internal sealed record Replica(ReplicaId Id, WatchConnection? Watch, DateTimeOffset Seen)
{
    // A replica of a sane installation has a few; this only bounds what a broken one can make us keep.
    private const int MaxVersions = 10_000;
    public const int MaxReason = 1000;

    private ImmutableSortedDictionary<(ModelName Model, ModelVersion Version), VersionStatus> Versions { get; init; } =
        ImmutableSortedDictionary<(ModelName, ModelVersion), VersionStatus>.Empty;

    private WatchCall? Call { get; init; }

    private long Generation { get; init; }

    /// <summary>A replica sends everything it serves again after it has connected, so what an earlier connection left is void: its process may be another one.</summary>
    public Replica With(WatchConnection watch) => this with
    {
        Watch = watch,
        Call = watch.Call,
        Versions = Call is null ? Versions : Versions.Clear(),
        Generation = Call is null ? Generation : 0,
    };

    public Replica With(ReplicaAck ack)
    {
        var key = (ack.Model, ack.Version);
        var before = Versions.GetValueOrDefault(key);
        var versions = ack.State switch
        {
            // The content that a new one has replaced goes only after the new one serves.
            AckState.Unloaded => before?.Identity == ack.Identity ? Versions.Remove(key) : Versions,
            _ when before is null && Versions.Count >= MaxVersions => Versions,
            _ => Versions.SetItem(key, new VersionStatus(ack.Identity, ack.State, ack.Generation, Bounded(ack.Reason), ack.Seconds)),
        };
        return this with { Versions = versions, Generation = Math.Max(Generation, ack.Generation) };
    }

    /// <summary>What the replica last said of exactly this content.</summary>
    public AckState? StateOf(ReplicaAck ack) =>
        Versions.GetValueOrDefault((ack.Model, ack.Version)) is { } status && status.Identity == ack.Identity ? status.State : null;

    public ReplicaStatus ToStatus() => new(
        Id.ToString(),
        Watch is not null,
        Generation,
        Versions.GroupBy(version => version.Key.Model).ToDictionary(
            model => model.Key,
            model => (IReadOnlyDictionary<ModelVersion, VersionStatus>)model.ToDictionary(version => version.Key.Version, version => version.Value)),
        Call?.Address,
        Call?.GrpcAddress,
        Call?.Pid);

    private static string? Bounded(string? reason) => reason is { Length: > MaxReason } ? reason[..MaxReason] + "…" : reason;
}
