namespace ModelPlatform.Inference.Models;

/// <summary>Lets so many in at a time and so many wait; everybody else is refused before any work is done.</summary>
internal sealed class RunGate(int places, int maxWaiting, string what) : IDisposable
{
    private readonly SemaphoreSlim _places = new(places, places);
    private int _present;

    /// <exception cref="InferenceFault">Too many are waiting already.</exception>
    public async Task<Place> EnterAsync(CancellationToken cancelled)
    {
        if (Interlocked.Increment(ref _present) > places + maxWaiting)
        {
            Interlocked.Decrement(ref _present);
            throw new InferenceFault(FaultKind.Overloaded, $"{maxWaiting} requests are already waiting for {what}.");
        }
        try { await _places.WaitAsync(cancelled); }
        catch (OperationCanceledException)
        {
            Interlocked.Decrement(ref _present);
            throw;
        }
        return new Place(this);
    }

    public void Dispose() => _places.Dispose();

    private void Leave()
    {
        Interlocked.Decrement(ref _present);
        _places.Release();
    }

    public readonly struct Place(RunGate gate) : IDisposable
    {
        public void Dispose() => gate.Leave();
    }
}
