using System.Threading.Channels;
using Microsoft.Extensions.Options;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Telemetry;

namespace ModelPlatform.Sync.Webhooks;

/// <summary>A bounded queue for each target, so that one that hangs holds up no other, and none of them whoever announces.</summary>
internal sealed class WebhookQueues(IOptions<WebhookOptions> options, SyncMetrics metrics)
{
    public IReadOnlyList<WebhookQueue> All { get; } = [.. options.Value.Targets.Select(target => new WebhookQueue(target, options.Value.MaxPending, metrics))];

    public void Add(HistoryEntry entry)
    {
        var news = new WebhookEvent(entry, Guid.NewGuid().ToString());
        foreach (var queue in All.Where(queue => queue.Target.Wants(entry.Kind))) queue.Add(news);
    }
}

internal sealed class WebhookQueue(WebhookTarget target, int capacity, SyncMetrics metrics)
{
    private readonly Channel<WebhookEvent> _events = Channel.CreateBounded<WebhookEvent>(
        new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
        _ => metrics.Delivered(target.Title, DeliveryOutcome.Lost));

    public WebhookTarget Target { get; } = target;

    public void Add(WebhookEvent news) => _events.Writer.TryWrite(news);

    public IAsyncEnumerable<WebhookEvent> ReadAllAsync(CancellationToken stopping) => _events.Reader.ReadAllAsync(stopping);
}

internal enum DeliveryOutcome
{
    Accepted,

    /// <summary>Refused, or not to be reached however often it was tried.</summary>
    Failed,

    /// <summary>Too many waited.</summary>
    Lost,
}
