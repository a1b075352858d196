using System.Threading.Channels;

namespace ModelPlatform.Inference.Reloading;

/// <summary>Says "look now" to one loop. Raised any number of times before the loop looks, it counts once.</summary>
internal sealed class Signal(TimeProvider time)
{
    private readonly Channel<bool> _hint = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Raise() => _hint.Writer.TryWrite(true);

    public async Task WaitAsync(TimeSpan atMost, CancellationToken stopping)
    {
        // The read is cancelled, not abandoned: an abandoned one would swallow the next hint.
        using var tick = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, tick.Token);
        try { await _hint.Reader.ReadAsync(either.Token); }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested) { }
    }
}
