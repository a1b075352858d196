using System.Diagnostics;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Reloading;

/// <param name="Context">Of the span in which it happened, so that the ack belongs to its trace.</param>
internal sealed record PendingAck(ReplicaAck Ack, ActivityContext Context);

/// <summary>
/// The last word on every version, kept until ModelSync has heard it: the newer word replaces the older one, so that what is kept is bounded by
/// the versions there are.
/// </summary>
internal sealed class AckOutbox(TimeProvider time)
{
    private readonly Lock _changing = new();
    private readonly Dictionary<ModelId, ReplicaAck> _said = [];
    private readonly Dictionary<ModelId, PendingAck> _pending = [];

    /// <summary>Raised when there is something to send.</summary>
    public Signal Filled { get; } = new(time);

    public void Report(ReplicaAck ack)
    {
        var id = new ModelId(ack.Model, ack.Version);
        lock (_changing)
        {
            if (ack.State == AckState.Unloaded) _said.Remove(id);
            else _said[id] = ack;
            _pending[id] = new PendingAck(ack, Activity.Current?.Context ?? default);
        }
        Filled.Raise();
    }

    /// <summary>ModelSync may have forgotten everything: says it all once more.</summary>
    public void RepeatAll()
    {
        lock (_changing)
        {
            foreach (var (id, ack) in _said) _pending.TryAdd(id, new PendingAck(ack, default));
        }
        Filled.Raise();
    }

    public IReadOnlyList<PendingAck> Pending()
    {
        lock (_changing) return [.. _pending.Values];
    }

    /// <summary>Forgets an ack that was delivered, unless a newer one has taken its place.</summary>
    public void Delivered(PendingAck ack)
    {
        var id = new ModelId(ack.Ack.Model, ack.Ack.Version);
        lock (_changing)
        {
            if (_pending.GetValueOrDefault(id) == ack) _pending.Remove(id);
        }
    }
}
