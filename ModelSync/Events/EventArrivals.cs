namespace ModelPlatform.Sync.Events;

/// <summary>Since when events wait for a look that follows them. Measured by this machine alone: clocks of two are never compared.</summary>
internal sealed class EventArrivals(TimeProvider time)
{
    private readonly Lock _gate = new();
    private long? _waiting;
    private long? _followed;

    public void Note()
    {
        lock (_gate) _waiting ??= time.GetTimestamp();
    }

    /// <summary>Before a look: it follows what came until now. An event that comes later may tell of what it does not see any more.</summary>
    public void Begin()
    {
        lock (_gate) (_followed, _waiting) = (_followed ?? _waiting, null);
    }

    /// <summary>How long the oldest event that this look follows has waited; null where it follows none.</summary>
    public TimeSpan? Waited()
    {
        lock (_gate) return _followed is { } since ? time.GetElapsedTime(since) : null;
    }

    /// <summary>After a look that went well; one that failed is followed by another, for which they wait on.</summary>
    public void End()
    {
        lock (_gate) _followed = null;
    }
}
