using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Options;
using ModelPlatform.Repository.Json;
using ModelPlatform.Sync.Leading;
using ModelPlatform.Sync.Telemetry;
using OpenTelemetry;

namespace ModelPlatform.Sync.Events;

/// <summary>Takes events out of a storage queue, where one is configured: nothing has to reach us from outside for that.</summary>
internal sealed partial class EventQueue(EventIntake intake, Leadership leadership, SyncMetrics metrics, IOptions<EventOptions> options, TimeProvider time, ILogger<EventQueue> logger) : BackgroundService
{
    private const int MostAtOnce = 32;

    // A message that is not deleted by then, as when we are ended, comes again: that costs one look.
    private static readonly TimeSpan Hidden = TimeSpan.FromSeconds(30);

    private string? _problem;

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        if (options.Value.Queue.Length == 0) return;
        var queue = QueueAddress.Open(options.Value.Queue);
        var wait = TimeSpan.Zero;
        while (!stopping.IsCancellationRequested)
        {
            // What a standby takes out is lost on the leader.
            wait = leadership.IsLeading && await TakeAsync(queue, stopping) ? TimeSpan.Zero : QueueWait.After(wait, options.Value);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, stopping);
        }
    }

    /// <returns>Whether there was anything; then there may be more.</returns>
    private async Task<bool> TakeAsync(QueueClient queue, CancellationToken stopping)
    {
        try
        {
            var messages = await UntracedAsync(async () => (await queue.ReceiveMessagesAsync(MostAtOnce, Hidden, stopping)).Value);
            foreach (var message in messages)
            {
                Take(message);
                await UntracedAsync(() => queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, stopping));
            }
            if (_problem is not null) Log.Recovered(logger);
            _problem = null;
            return messages.Length > 0;
        }
        catch (Exception away) when (StorageFailure.Is(away, stopping))
        {
            var reason = StorageFailure.ReasonOf(away);
            if (reason != _problem) Log.Away(logger, reason);
            _problem = reason;
            return false;
        }
    }

    // The calls alone: log records would be dropped too.
    private static async Task<T> UntracedAsync<T>(Func<Task<T>> call)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        return await call();
    }

    private void Take(QueueMessage message)
    {
        try { intake.Take(QueuedEvent.Parse(message.Body)); }
        catch (InvalidDocumentException malformed)
        {
            metrics.EventRefused();
            Log.Refused(logger, message.MessageId, malformed.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The queue of events cannot be read; changes are found by listing meanwhile: {Reason}")]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "The queue of events is read.")]
        public static partial void Recovered(ILogger logger);

        [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "Message {Message} of the queue has no events and is deleted: {Reason}")]
        public static partial void Refused(ILogger logger, string message, string reason);
    }
}
