using System.Collections.Immutable;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Planning;

namespace ModelPlatform.Sync.Replicas;

/// <summary>
/// Every content that some replica has served in the place of all, with what it takes and gives. What is lost in a restart, replicas tell again when they
/// reconnect. What a rollout brings in is not among them before its end: the first replicas serve it so that it shows whether it is good.
/// </summary>
internal sealed class KnownGood
{
    // Beyond any repository of now; the oldest go first.
    private const int MaxVersions = 10_000;

    private readonly Lock _gate = new();
    private readonly Queue<GoodVersion> _oldest = [];
    private volatile ImmutableDictionary<GoodVersion, ModelSignature?> _all = ImmutableDictionary<GoodVersion, ModelSignature?>.Empty;

    public IReadOnlyDictionary<GoodVersion, ModelSignature?> All => _all;

    /// <param name="published">Null where nothing is, or it is not known yet.</param>
    /// <returns>Whether the ack says something that a plan may depend on.</returns>
    public bool Learn(ReplicaAck ack, DesiredState? published)
    {
        if (ack.State != AckState.Serving || !IsForAll(ack, published)) return false;
        var version = new GoodVersion(ack.Model, ack.Version, ack.Identity);
        lock (_gate)
        {
            var isNew = !_all.TryGetValue(version, out var signature);
            if (!isNew && (signature is not null || ack.Signature is null)) return false;
            if (isNew) _oldest.Enqueue(version);
            _all = _all.SetItem(version, ack.Signature);
            if (_oldest.Count > MaxVersions) _all = _all.Remove(_oldest.Dequeue());
            return true;
        }
    }

    /// <summary>Also where the model is not published: whoever still serves it has it from before.</summary>
    private static bool IsForAll(ReplicaAck ack, DesiredState? published) => published?.Models.GetValueOrDefault(ack.Model) is not { IsIdle: false } model
        || model.Versions.Concat(model.Fallback).Any(version => version.Identity == ack.Identity);
}
