using System.Collections.Immutable;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Replicas;

/// <summary>What is known of one replica at one moment.</summary>
/// <param name="Watch">The newest of its connections while it is open.</param>
/// <param name="Seen">When it was last heard of, as a timestamp: a clock that is set makes nobody gone. Of interest only without a watch.</param>
internal sealed record Replica(ReplicaId Id, WatchConnection? Watch, long Seen)
{
    // A replica of a sane installation has a few; this only bounds what a broken one can make us keep.
    private const int MaxVersions = 10_000;
    public const int MaxReason = 1000;

    private ImmutableSortedDictionary<(ModelName Model, ModelVersion Version), VersionStatus> Versions { get; init; } =
        ImmutableSortedDictionary<(ModelName, ModelVersion), VersionStatus>.Empty;

    private WatchCall? Call { get; init; }

    public string? Address => Call?.Address;

    /// <summary>It was told to stop: what it does not finish is nobody's fault.</summary>
    public bool IsLeaving { get; init; }

    private long Generation { get; init; }

    /// <summary>
    /// A replica sends everything it serves again after it has connected, so what an earlier connection left is void where its process may be another one.
    /// Of the same one it stands: a network that is cut for a moment takes nothing back.
    /// </summary>
    public Replica With(WatchConnection watch)
    {
        var holds = Call is null || Call.Run is { } run && run == watch.Call.Run;
        return this with { Watch = watch, Call = watch.Call, Versions = holds ? Versions : Versions.Clear(), Generation = holds ? Generation : 0, IsLeaving = false };
    }

    /// <summary>Whether the process that comes with the name is another one than the one that had it.</summary>
    public bool IsReplacedBy(WatchCall call) => Call is { Run: not null } before && call.Run is not null && before.Run != call.Run;

    /// <summary>
    /// What it was loading, or served, when it was last heard of: should its process be gone, that may be why. Of one that never had a watch nobody knows
    /// that it is gone.
    /// </summary>
    public IEnumerable<Interruption> Interrupted() => IsLeaving || Call is null ? [] : Versions
        .Where(version => version.Value.State is AckState.Loading or AckState.Serving or AckState.Shadowing)
        .Select(version => new Interruption(Id, version.Key.Model, version.Value.Identity, version.Value.Generation, Call.Run, version.Value.State == AckState.Loading));

    /// <summary>What it last said of each content of a model.</summary>
    public IReadOnlyDictionary<Identity, VersionStatus> Of(ModelName model)
    {
        var said = new Dictionary<Identity, VersionStatus>();
        foreach (var (key, status) in Versions)
        {
            if (key.Model == model) said[status.Identity] = status;
        }
        return said;
    }

    /// <summary>
    /// Whether it was overtaken by what the same process said later: of a newer generation, or how the load ended. What it says it says in order, but a call
    /// that it gave up waiting for may be carried out after the next one.
    /// </summary>
    public bool IsOvertaken(ReplicaAck ack) => Versions.TryGetValue((ack.Model, ack.Version), out var known)
        && (ack.Generation < known.Generation
            || ack.Generation == known.Generation && ack.State == AckState.Loading && ack.Identity == known.Identity && known.State is AckState.Serving or AckState.Rejected);

    public Replica With(ReplicaAck ack)
    {
        var key = (ack.Model, ack.Version);
        var before = Versions.GetValueOrDefault(key);
        var versions = ack.State switch
        {
            // The content that a new one has replaced goes only after the new one serves.
            AckState.Unloaded => before?.Identity == ack.Identity ? Versions.Remove(key) : Versions,
            _ when before is null && Versions.Count >= MaxVersions => Versions,
            _ => Versions.SetItem(key, new VersionStatus(ack.Identity, ack.State, ack.Generation, Bounded(ack.Reason), ack.Seconds, ack.Calls, ack.Shadow)),
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
