using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Replicas;

namespace ModelPlatform.Sync.Publishing;

/// <summary>The events of one watch: the document at once and at each change, and a heartbeat so that both ends see that the other is there.</summary>
internal sealed partial class StateWatch(StateFeed feed, IOptions<ReplicaOptions> options, TimeProvider time, ILogger<StateWatch> logger)
{
    public const string HeartbeatEvent = "heartbeat";

    private readonly Task<WatchEvent> _heartbeat = WatchEvent.OfAsync(new SseItem<string>("", HeartbeatEvent));
    private volatile Written? _newest;

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
            yield return await (current is null || current == sent ? _heartbeat : WriteAsync(current));
            sent = current;
            await WaitAsync(changed, ending.Token);
        }
        Log.Closed(logger, connection.Call.Replica);
    }

    public static SseItem<string> EventOf(PublishedState state)
    {
        var generation = state.Document.Generation;
        var text = state.Json.Length <= WatchPointer.MaxDocumentBytes
            ? Encoding.UTF8.GetString(state.Json)
            : JsonSerializer.Serialize(new WatchPointer(generation, state.Etag), RepositoryJson.Default.WatchPointer);
        return new SseItem<string>(text, SyncRoutes.StateEvent) { EventId = generation.ToString(provider: null) };
    }

    private Task<WatchEvent> WriteAsync(PublishedState state)
    {
        if (_newest is not { } newest || newest.State != state) _newest = newest = new Written(state, WatchEvent.OfAsync(EventOf(state)));
        return newest.Event;
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

    private sealed record Written(PublishedState State, Task<WatchEvent> Event);
}
