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
        var obstacle = await ObstacleAsync(target, news, stopping);
        metrics.Delivered(target.Title, obstacle is null ? DeliveryOutcome.Accepted : DeliveryOutcome.Failed);
        if (obstacle is null) Log.Accepted(logger, target.Title, news.Type, news.Subject);
        else Log.GivenUp(logger, target.Title, news.Type, news.Subject, obstacle);
    }

    /// <summary>Why it was not accepted, or null.</summary>
    private async Task<string?> ObstacleAsync(WebhookTarget target, WebhookEvent news, CancellationToken stopping)
    {
        try
        {
            var answer = await sender.SendAsync(target, news, stopping);
            return answer.IsAccepted ? null : answer.ToString();
        }
        catch (TimeoutRejectedException) { return "it does not answer in time"; }
        catch (Exception failure) when (failure is HttpRequestException or IOException) { return failure.Message; }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Target} was told {What} of {Model}.")]
        public static partial void Accepted(ILogger logger, string target, string what, string model);

        [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "{Target} cannot be told {What} of {Model}: {Reason}")]
        public static partial void GivenUp(ILogger logger, string target, string what, string model, string reason);
    }
}
