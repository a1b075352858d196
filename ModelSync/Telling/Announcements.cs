using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Telemetry;
using ModelPlatform.Sync.Webhooks;

namespace ModelPlatform.Sync.Telling;

/// <summary>Tells what happened to a model: into the history and to whom it concerns outside. Never waits for any of them.</summary>
internal sealed partial class Announcements(History history, WebhookQueues webhooks, SyncMetrics metrics, ILogger<Announcements> logger)
{
    private int _isLosing;

    public void Announce(HistoryEntry entry)
    {
        var isLosing = !history.Add(entry);
        if (isLosing) metrics.HistoryLost();
        webhooks.Add(entry);
        if (Interlocked.Exchange(ref _isLosing, isLosing ? 1 : 0) == 0 && isLosing) Log.Losing(logger);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Storage is away for so long that the oldest entries of the history are lost.")]
        public static partial void Losing(ILogger logger);
    }
}
