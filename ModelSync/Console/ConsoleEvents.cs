using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace ModelPlatform.Sync.Console;

/// <summary>Tells an open page that there is something else to see; what, the page asks for. Whoever is slow is told once of many changes.</summary>
internal sealed class ConsoleEvents(ConsoleNow now, IHostApplicationLifetime host, TimeProvider time)
{
    public const string ChangedEvent = "changed";
    public const string HeartbeatEvent = "heartbeat";

    // Anybody may open one, and each is a connection. A page that gets none tries again later.
    private const int MaxOpen = 100;
    // Each change makes each page fetch the content anew, which takes some milliseconds where replicas are many: beyond this number of pages they are told less often.
    private const int MaxAtFullPace = 10;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(10);

    private int _open;

    /// <returns>Null where too many are open.</returns>
    public IAsyncEnumerable<SseItem<string>>? Open(CancellationToken cancelled) => Volatile.Read(ref _open) < MaxOpen ? EventsAsync(cancelled) : null;

    private async IAsyncEnumerable<SseItem<string>> EventsAsync([EnumeratorCancellation] CancellationToken cancelled)
    {
        // Counted here and not before: what is never begun is never ended either.
        Interlocked.Increment(ref _open);
        try
        {
            // Kestrel waits for open responses when it stops: this one has to end by itself.
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancelled, host.ApplicationStopping);
            using var look = new PeriodicTimer(LookEvery, time);
            ConsoleMark? told = null;
            var quiet = TimeSpan.Zero;
            do
            {
                var mark = now.Mark();
                var isHeartbeatDue = (quiet += look.Period) >= HeartbeatEvery;
                if (mark != told || isHeartbeatDue)
                {
                    yield return new SseItem<string>("", mark != told ? ChangedEvent : HeartbeatEvent);
                    quiet = TimeSpan.Zero;
                }
                told = mark;
                look.Period = PaceOf(Volatile.Read(ref _open));
            }
            while (await IsTimeAsync(look, ending.Token));
        }
        finally { Interlocked.Decrement(ref _open); }
    }

    internal static TimeSpan PaceOf(int open) => LookEvery * Math.Max(1, open / (double)MaxAtFullPace);

    private static async Task<bool> IsTimeAsync(PeriodicTimer look, CancellationToken ending)
    {
        try { return await look.WaitForNextTickAsync(ending); }
        catch (OperationCanceledException) when (ending.IsCancellationRequested) { return false; }
    }
}
