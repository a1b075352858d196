namespace ModelPlatform.Inference.Batching;

/// <summary>The calls that wait for a run, the oldest first. Who may add to it is bounded by <see cref="Admission"/>; it is taken from by the runners only.</summary>
internal sealed class CallQueue(BatchWindow window, TimeProvider time)
{
    private readonly object _gate = new();
    private readonly List<PendingCall> _waiting = [];
    private bool _isCompleted;

    public int Depth
    {
        get { lock (_gate) return _waiting.Count; }
    }

    public void Add(PendingCall call)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isCompleted, this);
            _waiting.Add(call);
            Monitor.Pulse(_gate);
        }
    }

    /// <returns>False where it does not wait any more.</returns>
    public bool Remove(PendingCall call)
    {
        lock (_gate) return _waiting.Remove(call);
    }

    /// <summary>Nothing is added any more; what waits is still taken.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isCompleted = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Blocks until a batch is due, and forms it then: as late as possible, when somebody is free to run it. Null at the end.</summary>
    public IReadOnlyList<PendingCall>? Take()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_waiting.Count == 0)
                {
                    if (_isCompleted) return null;
                    Monitor.Wait(_gate);
                    continue;
                }
                var plan = BatchPlan.Of(_waiting, window);
                if (plan.IsFull || _isCompleted || Remaining() == TimeSpan.Zero)
                {
                    foreach (var call in plan.Calls) _waiting.Remove(call);
                    return plan.Calls;
                }
                WaitForMore();
            }
        }
    }

    private TimeSpan Remaining() => window.Remaining(time.GetElapsedTime(_waiting[0].EnqueuedAt));

    private void WaitForMore()
    {
        using var due = time.CreateTimer(_ => Wake(), null, Remaining(), Timeout.InfiniteTimeSpan);
        // The time may have come before the timer was set.
        if (Remaining() > TimeSpan.Zero) Monitor.Wait(_gate);
    }

    private void Wake()
    {
        lock (_gate) Monitor.PulseAll(_gate);
    }
}
