using ModelPlatform.Sync.Telemetry;
using Polly.Timeout;

namespace ModelPlatform.Sync.Webhooks;

/// <summary>Takes what waits for each target there, one after the other, and all targets at the same time.</summary>
internal sealed partial class WebhookDelivery(WebhookQueues queues, WebhookSender sender, SyncMetrics metrics, ILogger<WebhookDelivery> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stopping) => Task.WhenAll(queues.All.Select(queue => DeliverAsync(queue, stopping)));

    private async Task DeliverAsync(WebhookQueue queue, CancellationToken stopping)
    {
        await foreach (var news in queue.ReadAllAsync(stopping)) await DeliverAsync(queue.Target, news, stopping);
    }

    private async Task DeliverAsync(WebhookTarget target, WebhookEvent news, CancellationToken stopping)
    {
        using var span = ChangeTrace.StartNotify(news.Entry.Traceparent, target.Title);
        try
        {
            var answer = await sender.SendAsync(target, news, stopping);
            if (!answer.IsAccepted) GiveUp(target, news, answer.ToString());
            else
            {
                metrics.Delivered(target.Title, DeliveryOutcome.Accepted);
                Log.Accepted(logger, target.Title, news.Type, news.Subject);
            }
        }
        catch (TimeoutRejectedException) { GiveUp(target, news, "it does not answer in time"); }
        catch (Exception failure) when (failure is HttpRequestException or IOException) { GiveUp(target, news, failure.Message); }
#pragma warning disable CA1031 // What nobody foresaw in one delivery must end neither those after it, nor the other targets', nor with them the host, which leads.
        catch (Exception unforeseen) when (!stopping.IsCancellationRequested) { GiveUp(target, news, unforeseen.Message, unforeseen); }
#pragma warning restore CA1031
    }

    private void GiveUp(WebhookTarget target, WebhookEvent news, string reason, Exception? unforeseen = null)
    {
        metrics.Delivered(target.Title, DeliveryOutcome.Failed);
        Log.GivenUp(logger, unforeseen, target.Title, news.Type, news.Subject, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Target} was told {What} of {Model}.")]
        public static partial void Accepted(ILogger logger, string target, string what, string model);

        [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "{Target} cannot be told {What} of {Model}: {Reason}")]
        public static partial void GivenUp(ILogger logger, Exception? unforeseen, string target, string what, string model, string reason);
    }
}
