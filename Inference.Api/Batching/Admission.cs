namespace ModelPlatform.Inference.Batching;

/// <summary>Counts who is inside, from before any work is done until the answer is there; everybody beyond the bound is refused at once.</summary>
internal sealed class Admission(int places, int maxWaiting, string what)
{
    private int _present;
    private long _refused;

    /// <summary>How many were refused so far.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>For a look before a body is read: nobody waits with a place for bytes that may never come.</summary>
    /// <exception cref="InferenceFault">There is no place now.</exception>
    public void RequireRoom()
    {
        if (Volatile.Read(ref _present) >= places + maxWaiting) throw Refuse();
    }

    /// <exception cref="InferenceFault">Too many are waiting already.</exception>
    public Place Enter()
    {
        if (Interlocked.Increment(ref _present) <= places + maxWaiting) return new Place(this);
        Interlocked.Decrement(ref _present);
        throw Refuse();
    }

    private InferenceFault Refuse()
    {
        Interlocked.Increment(ref _refused);
        return new InferenceFault(FaultKind.Overloaded, $"{maxWaiting} requests are already waiting for {what}.");
    }

    public readonly struct Place(Admission admission) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref admission._present);
    }
}
