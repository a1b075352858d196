namespace ModelPlatform.Sync.Leading;

/// <summary>
/// One time of leading. How long it lasts is judged by this process' own monotonic clock, which goes on while the process is stopped, and from when the
/// lease was asked for: storage cannot have counted from any earlier.
/// </summary>
internal sealed class Term : IDisposable
{
    // Two clocks run at slightly different rates.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _leaseFor;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenRegistration _stopping;
    private long _asked;

    /// <param name="asked">When the lease was asked for.</param>
    /// <param name="isOurNext">Nobody else has led since this process did.</param>
    public Term(long asked, TimeSpan leaseFor, bool isOurNext, TimeProvider time, CancellationToken stopping)
    {
        (_asked, _leaseFor, IsOurNext, _time) = (asked, leaseFor, isOurNext, time);
        _end = new CancellationTokenSource(Least(Left(time.GetElapsedTime(asked), leaseFor)), time);
        Ended = _end.Token;
        _stopping = stopping.UnsafeRegister(static end => ((CancellationTokenSource)end!).Cancel(), _end);
    }

    public bool IsOurNext { get; }

    /// <summary>Ends what is under way. After a pause of the process it comes a moment late: what matters asks <see cref="Holds"/> too.</summary>
    public CancellationToken Ended { get; }

    public bool Holds => !_end.IsCancellationRequested && Left(_time.GetElapsedTime(Volatile.Read(ref _asked)), _leaseFor) > TimeSpan.Zero;

    /// <summary>How long a lease may still be believed in.</summary>
    public static TimeSpan Left(TimeSpan sinceAsked, TimeSpan leaseFor) => leaseFor - Margin - sinceAsked;

    /// <summary>Nothing where it is over: what has ended does not begin again by a renewal that came late.</summary>
    public void Renew(long asked)
    {
        if (!Holds) return;
        Volatile.Write(ref _asked, asked);
        _end.CancelAfter(Least(Left(_time.GetElapsedTime(asked), _leaseFor)));
    }

    public void End() => _end.Cancel();

    public void Dispose()
    {
        _stopping.Dispose();
        _end.Dispose();
    }

    private static TimeSpan Least(TimeSpan left) => left > TimeSpan.Zero ? left : TimeSpan.Zero;
}
