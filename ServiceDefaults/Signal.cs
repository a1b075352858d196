using System.Threading.Channels;

namespace ModelPlatform.ServiceDefaults;

/// <summary>Says "look now" to one loop. Raised any number of times before the loop looks, it counts once; losing it costs time only.</summary>
public sealed class Signal(TimeProvider time)
{
    private readonly Channel<bool> _raised = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Raise() => _raised.Writer.TryWrite(true);

    /// <summary>Returns when it is raised or the time is up.</summary>
    /// <returns>Whether it was raised.</returns>
    public async Task<bool> WaitAsync(TimeSpan atMost, CancellationToken stopping)
    {
        using var tick = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, tick.Token);
        // The read is cancelled rather than abandoned: an abandoned one would swallow the next call.
        try { return await _raised.Reader.ReadAsync(either.Token); }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested) { return false; }   // the tick
    }

    /// <summary>Returns when either is raised or the time is up.</summary>
    /// <returns>Whether the first was raised; whether the second was too does not matter then, and it counts as seen.</returns>
    public static async Task<bool> IsFirstAsync(Signal first, Signal second, TimeSpan atMost, CancellationToken stopping)
    {
        using var decided = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var waiting = (First: first.WaitAsync(atMost, decided.Token), Second: second.WaitAsync(atMost, decided.Token));
        await Task.WhenAny(waiting.First, waiting.Second);
        await decided.CancelAsync();
        var isFirst = await IsRaisedAsync(waiting.First);
        await IsRaisedAsync(waiting.Second);
        stopping.ThrowIfCancellationRequested();
        return isFirst;

        async Task<bool> IsRaisedAsync(Task<bool> wait)
        {
            try { return await wait; }
            catch (OperationCanceledException) { return false; }
        }
    }
}
