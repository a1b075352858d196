using Microsoft.Extensions.Options;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Replicas;

/// <summary>
/// Who is there and what they serve. A replica is there while its watch is open, and for a grace after that or after an ack that came without one.
/// </summary>
internal sealed class ReplicaRegistry(IOptions<ReplicaOptions> options, TimeProvider time)
{
    // Beyond any rollout; the oldest go first.
    private const int MaxInterruptions = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<ReplicaId, Replica> _replicas = [];
    private readonly List<Interruption> _interruptions = [];
    private long _newestHeld;
    private long _changes;
    private long _emptySince = time.GetTimestamp();

    /// <summary>Grows with everything that is learned, for those who want to know whether to look again.</summary>
    public long Changes
    {
        get { lock (_gate) return _changes; }
    }

    public int Connected
    {
        get { lock (_gate) return _replicas.Values.Count(replica => replica.Watch is not null); }
    }

    /// <summary>The newest generation with which a replica came: newer than all that ModelSync knows, where it was restarted and the document is lost.</summary>
    public long NewestHeld
    {
        get { lock (_gate) return _newestHeld; }
    }

    /// <summary>For how long nobody has been there; null while somebody is.</summary>
    public TimeSpan? Deserted
    {
        get
        {
            lock (_gate)
            {
                ForgetGone();
                return _replicas.Count > 0 ? null : time.GetElapsedTime(_emptySince);
            }
        }
    }

    /// <returns>Null when there are too many replicas.</returns>
    public WatchConnection? Connect(WatchCall call)
    {
        lock (_gate)
        {
            if (Find(call.Replica) is not { } replica) return null;
            if (replica.IsReplacedBy(call)) Note(replica);
            // It was away for long, and is the same process all the same.
            _interruptions.RemoveAll(interruption => interruption.Replica == call.Replica && interruption.Run is { } run && run == call.Run);
            var connection = new WatchConnection(this, call);
            _changes++;
            _replicas[call.Replica] = replica.With(connection);
            _newestHeld = Math.Max(_newestHeld, call.Generation);
            return connection;
        }
    }

    /// <summary>At the begin of a term: those who are there come again. Their generations were real and stay.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _changes++;
            _replicas.Clear();
            _interruptions.Clear();
            _emptySince = time.GetTimestamp();
        }
    }

    public void Disconnect(WatchConnection connection)
    {
        lock (_gate)
        {
            _changes++;
            // A replica that reconnects may have its new watch before the old one is seen to have ended.
            if (_replicas.TryGetValue(connection.Call.Replica, out var replica) && replica.Watch == connection)
                _replicas[replica.Id] = replica with { Watch = null, Seen = time.GetTimestamp() };
        }
    }

    /// <summary>It stops because it was told to.</summary>
    public void Leave(ReplicaId id)
    {
        lock (_gate)
        {
            if (_replicas.TryGetValue(id, out var replica)) _replicas[id] = replica with { IsLeaving = true, Seen = time.GetTimestamp() };
        }
    }

    /// <summary>Whatever ended with this content in hand is not held against it any more.</summary>
    public void Forgive(ModelName model, Identity identity)
    {
        lock (_gate) _interruptions.RemoveAll(interruption => interruption.Model == model && interruption.Identity == identity);
    }

    /// <summary>Everybody who is there, and what ended with something in hand.</summary>
    public (IReadOnlyList<Replica> Replicas, IReadOnlyList<Interruption> Interruptions) Look()
    {
        lock (_gate)
        {
            ForgetGone();
            return ([.. _replicas.Values], [.. _interruptions]);
        }
    }

    public RecordOutcome Record(ReplicaId id, ReplicaAck ack)
    {
        lock (_gate)
        {
            if (Find(id) is not { } replica) return RecordOutcome.TooManyReplicas;
            if (replica.IsOvertaken(ack)) return RecordOutcome.Known;
            _changes++;
            var isNews = replica.StateOf(ack) != ack.State;
            _replicas[id] = replica.With(ack) with { Seen = time.GetTimestamp() };
            return isNews ? RecordOutcome.News : RecordOutcome.Known;
        }
    }

    public IReadOnlyList<ReplicaStatus> Status()
    {
        lock (_gate)
        {
            ForgetGone();
            return [.. _replicas.Values.Select(replica => replica.ToStatus()).OrderBy(status => status.Id, StringComparer.Ordinal)];
        }
    }

    private Replica? Find(ReplicaId id)
    {
        ForgetGone();
        if (_replicas.TryGetValue(id, out var known)) return known;
        return _replicas.Count < options.Value.MaxReplicas ? new Replica(id, null, time.GetTimestamp()) : null;
    }

    private void ForgetGone()
    {
        foreach (var (id, replica) in _replicas.Where(replica => replica.Value.Watch is null && time.GetElapsedTime(replica.Value.Seen) >= options.Value.Grace).ToList())
        {
            _changes++;
            Note(replica);
            _replicas.Remove(id);
            _emptySince = time.GetTimestamp();
        }
    }

    private void Note(Replica gone)
    {
        _interruptions.AddRange(gone.Interrupted());
        if (_interruptions.Count > MaxInterruptions) _interruptions.RemoveRange(0, _interruptions.Count - MaxInterruptions);
    }
}

internal enum RecordOutcome { News, Known, TooManyReplicas }
