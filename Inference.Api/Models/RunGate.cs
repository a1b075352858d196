using ModelPlatform.Inference.Batching;

namespace ModelPlatform.Inference.Models;

/// <summary>Lets so many in at a time and so many wait; everybody else is refused before any work is done.</summary>
internal sealed class RunGate(int places, int maxWaiting, string what) : IDisposable
{
    private readonly Admission _admission = new(places, maxWaiting, what);
    private readonly SemaphoreSlim _places = new(places, places);

    /// <exception cref="InferenceFault">Too many are waiting already.</exception>
    public async Task<Place> EnterAsync(CancellationToken cancelled)
    {
        var admitted = _admission.Enter();
        try { await _places.WaitAsync(cancelled); }
        catch (OperationCanceledException)
        {
            admitted.Dispose();
            throw;
        }
        return new Place(this, admitted);
    }

    public void Dispose() => _places.Dispose();

    public readonly struct Place(RunGate gate, Admission.Place admitted) : IDisposable
    {
        public void Dispose()
        {
            admitted.Dispose();
            gate._places.Release();
        }
    }
}
