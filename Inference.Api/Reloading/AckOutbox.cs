using System.Diagnostics;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Inference.Reloading;

/// <param name="Context">Of the span in which it happened, so that the ack belongs to its trace; none where it only repeats what was said.</param>
internal sealed record PendingAck(ReplicaAck Ack, ActivityContext Context);

/// <summary>
/// The last word on every version, kept until ModelSync has heard it: the newer word replaces the older one, so that what is kept is bounded by
/// the versions there are.
/// </summary>
internal sealed class AckOutbox(TimeProvider time)
{
    private readonly Lock _changing = new();
    private readonly Dictionary<ModelId, ReplicaAck> _said = [];
    private readonly OrderedDictionary<ModelId, PendingAck> _pending = [];
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Raised when there is something to send.</summary>
    public Signal Filled { get; } = new(time);

    /// <summary>Ends when anything is said the next time.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Report(ReplicaAck ack)
    {
        lock (_changing) Say(ack, Activity.Current?.Context ?? default);
        Tell();
    }

    /// <summary>Says that what was said holds for a newer generation too, or says it where something else was said last.</summary>
    public void Confirm(ReplicaAck ack)
    {
        lock (_changing)
        {
            var id = IdOf(ack);
            var isKnown = _said.TryGetValue(id, out var said) && said.Identity == ack.Identity && said.State == ack.State;
            if (isKnown && said!.Generation >= ack.Generation) return;
            // What it happened in stays its trace for as long as it was not delivered.
            var context = isKnown && _pending.TryGetValue(id, out var pending) ? pending.Context : default;
            Say(isKnown ? said! with { Generation = ack.Generation } : ack, context);
        }
        Tell();
    }

    /// <summary>Adds what a version has done so far to the word that it is served.</summary>
    public void Count(ModelId id, Identity identity, VersionCalls calls) => Amend(id, identity, AckState.Serving, said => said with { Calls = calls });

    /// <summary>The same of one that runs in the shadow of another.</summary>
    public void Count(ModelId id, Identity identity, ShadowCalls calls) => Amend(id, identity, AckState.Shadowing, said => said with { Shadow = calls });

    private void Amend(ModelId id, Identity identity, AckState state, Func<ReplicaAck, ReplicaAck> amend)
    {
        lock (_changing)
        {
            if (_said.GetValueOrDefault(id) is not { } said || said.State != state || said.Identity != identity || amend(said) is var amended && amended == said) return;
            Say(amended, _pending.GetValueOrDefault(id)?.Context ?? default);
        }
        Filled.Raise();
    }

    /// <summary>Takes back what was said of versions that are neither served nor wanted: nobody tries them again.</summary>
    public void Withdraw(DesiredState state)
    {
        lock (_changing)
        {
            foreach (var ack in _said.Values.Where(ack => ack.State != AckState.Serving && !state.Wants(ack)).ToList())
                Say(state.Ack(IdOf(ack), ack.Identity, AckState.Unloaded), default);
        }
        Tell();
    }

    /// <summary>ModelSync may have forgotten everything, also what is under way to it: says it all once more.</summary>
    public void RepeatAll()
    {
        lock (_changing)
        {
            foreach (var (id, ack) in _said) _pending[id] = new PendingAck(ack, _pending.GetValueOrDefault(id)?.Context ?? default);
        }
        Tell();
    }

    /// <summary>The last word on every version that is served, wanted or was refused.</summary>
    public IReadOnlyList<ReplicaAck> Said()
    {
        lock (_changing) return [.. _said.Values];
    }

    /// <summary>In the order in which it was said.</summary>
    public IReadOnlyList<PendingAck> Pending()
    {
        lock (_changing) return [.. _pending.Values];
    }

    /// <summary>Forgets an ack that was delivered, unless it was said anew meanwhile.</summary>
    public void Delivered(PendingAck ack)
    {
        lock (_changing)
        {
            if (IsStillPending(ack)) _pending.Remove(IdOf(ack.Ack));
        }
    }

    /// <summary>It is sent again, for as long as it takes, but no trace grows by that.</summary>
    public void Undelivered(PendingAck ack)
    {
        lock (_changing)
        {
            if (IsStillPending(ack)) _pending[IdOf(ack.Ack)] = ack with { Context = default };
        }
    }

    private void Tell()
    {
        Filled.Raise();
        Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    private void Say(ReplicaAck ack, ActivityContext context)
    {
        var id = IdOf(ack);
        if (ack.State == AckState.Unloaded) _said.Remove(id);
        else _said[id] = ack;
        _pending.Remove(id);
        _pending.Add(id, new PendingAck(ack, context));
    }

    private bool IsStillPending(PendingAck ack) => ReferenceEquals(_pending.GetValueOrDefault(IdOf(ack.Ack)), ack);

    private static ModelId IdOf(ReplicaAck ack) => new(ack.Model, ack.Version);
}
