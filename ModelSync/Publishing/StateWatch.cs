using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Sync.Replicas;

namespace ModelPlatform.Sync.Publishing;

/// <summary>The events of one watch: the document at once and at each change, and a heartbeat so that both ends see that the other is there.</summary>
internal sealed partial class StateWatch(StateFeed feed, IOptions<ReplicaOptions> options, TimeProvider time, ILogger<StateWatch> logger)
{
    public const string HeartbeatEvent = "heartbeat";

    private readonly Task<WatchEvent> _heartbeat = WatchEvent.OfAsync(new SseItem<string>("", HeartbeatEvent));
    private volatile StateEvents? _newest;

    /// <param name="term">Ends with the term in which the connection was made.</param>
    public async IAsyncEnumerable<WatchEvent> EventsAsync(WatchConnection connection, CancellationToken term, [EnumeratorCancellation] CancellationToken cancelled)
    {
        using var opened = connection;
        // A term ends when the service stops, too: Kestrel waits for open responses then, and a watch has to end by itself.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancelled, term);
        Log.Opened(logger, connection.Call.Replica);
        PublishedState? sent = null;
        while (!ending.IsCancellationRequested)
        {
            var (current, changed) = feed.Look();
            yield return await (current is null || current == sent ? _heartbeat : TellAsync(current, connection.Call.Replica));
            sent = current;
            await WaitAsync(changed, ending.Token);
        }
        Log.Closed(logger, connection.Call.Replica);
    }

    private Task<WatchEvent> TellAsync(PublishedState state, ReplicaId replica)
    {
        if (_newest is not { } newest || newest.State != state) _newest = newest = new StateEvents(state);
        return newest.ForAsync(replica);
    }

    private async Task WaitAsync(Task changed, CancellationToken ending)
    {
        try { await changed.WaitAsync(options.Value.HeartbeatEvery, time, ending); }
        catch (TimeoutException) { /* time for a heartbeat */ }
        catch (OperationCanceledException) when (ending.IsCancellationRequested) { /* the loop ends */ }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Replica {Replica} watches.")]
        public static partial void Opened(ILogger logger, ReplicaId replica);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Replica {Replica} watches no more.")]
        public static partial void Closed(ILogger logger, ReplicaId replica);
    }
}
