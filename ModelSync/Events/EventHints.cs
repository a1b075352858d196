using Microsoft.Extensions.Options;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Sync.Events;

/// <summary>
/// Events as hints to look: the first at once, those that come within <c>Events:Debounce</c> of the last hint together when it is over. Since the end of
/// that time is never moved, a burst costs two looks, a stream one in each such time, and neither can keep the next one from coming.
/// </summary>
internal sealed class EventHints : IDisposable
{
    private readonly Signal _hint;
    private readonly TimeProvider _time;
    private readonly TimeSpan _debounce;
    private readonly ITimer _later;
    private readonly Lock _gate = new();
    private long? _raised;
    private bool _isDue;

    public EventHints(Signal hint, IOptions<EventOptions> options, TimeProvider time)
    {
        (_hint, _time, _debounce) = (hint, time, options.Value.Debounce);
        _later = time.CreateTimer(_ => RaiseNow(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Raise()
    {
        lock (_gate)
        {
            if (_isDue) return;
            if (_raised is { } last && _debounce - _time.GetElapsedTime(last) is { Ticks: > 0 } rest)
            {
                _isDue = true;
                _later.Change(rest, Timeout.InfiniteTimeSpan);
                return;
            }
            RaiseNow();
        }
    }

    public void Dispose() => _later.Dispose();

    private void RaiseNow()
    {
        lock (_gate) (_raised, _isDue) = (_time.GetTimestamp(), false);
        _hint.Raise();
    }
}
