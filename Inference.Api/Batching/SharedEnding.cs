namespace ModelPlatform.Inference.Batching;

/// <summary>Cancelled once all of several tokens are: a run is worth finishing as long as one caller still waits for it.</summary>
internal sealed class SharedEnding : IDisposable
{
    private readonly CancellationTokenSource _all = new();
    private readonly CancellationTokenRegistration[] _each;
    private int _left;

    public SharedEnding(IReadOnlyList<CancellationToken> tokens)
    {
        _left = tokens.Count;
        _each = [.. tokens.Select(token => token.UnsafeRegister(static ending => ((SharedEnding)ending!).OneLess(), this))];
    }

    public CancellationToken Token => _all.Token;

    // In this order: after a registration is disposed its callback is not running any more.
    public void Dispose()
    {
        foreach (var registration in _each) registration.Dispose();
        _all.Dispose();
    }

    private void OneLess()
    {
        if (Interlocked.Decrement(ref _left) == 0) _all.Cancel();
    }
}
