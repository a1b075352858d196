using System.Threading.Channels;

namespace ModelPlatform.ServiceDefaults;

/// <summary>Says "look now" to one loop. Raised any number of times before the loop looks, it counts once; losing it costs time only.</summary>
public sealed class Signal(TimeProvider time)
{
    private readonly Channel<bool> _raised = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Raise() => _raised.Writer.TryWrite(true);

    /// <summary>Returns when it is raised or the time is up.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken stopping)
    {
        using var tick = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, tick.Token);
        // The read is cancelled rather than abandoned: an abandoned one would swallow the next call.
        try { await _raised.Reader.ReadAsync(either.Token); }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested) { /* the tick */ }
    }
}
