using System.Threading.Channels;

namespace ModelPlatform.Sync;

/// <summary>"Look sooner." Any number of hints before the next look are one; losing one costs time only.</summary>
internal sealed class Hint(TimeProvider time)
{
    private readonly Channel<bool> _raised = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Raise() => _raised.Writer.TryWrite(true);

    /// <summary>Returns when a hint is raised or the time is up.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken stopping)
    {
        using var tick = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, tick.Token);
        // The read is cancelled rather than abandoned: an abandoned one would swallow the next hint.
        try { await _raised.Reader.ReadAsync(either.Token); }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested) { /* the tick */ }
    }
}
