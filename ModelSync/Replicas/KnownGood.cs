using System.Collections.Immutable;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Planning;

namespace ModelPlatform.Sync.Replicas;

/// <summary>Every content that some replica has served, with what it takes and gives. What is lost in a restart, replicas tell again when they reconnect.</summary>
internal sealed class KnownGood
{
    // Beyond any repository of now; the oldest go first.
    private const int MaxVersions = 10_000;

    private readonly Lock _gate = new();
    private readonly Queue<GoodVersion> _oldest = [];
    private volatile ImmutableDictionary<GoodVersion, ModelSignature?> _all = ImmutableDictionary<GoodVersion, ModelSignature?>.Empty;

    public IReadOnlyDictionary<GoodVersion, ModelSignature?> All => _all;

    /// <summary>Whether the ack says something that a plan may depend on.</summary>
    public bool Learn(ReplicaAck ack)
    {
        if (ack.State != AckState.Serving) return false;
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
}
