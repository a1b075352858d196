using Azure.Storage.Blobs;
using ModelPlatform.Sync.Telemetry;

namespace ModelPlatform.Sync.Events;

/// <summary>Where events of every way end: those that concern our container are a hint to look at it, and nothing else of them is used.</summary>
internal sealed class EventIntake(EventHints hints, EventArrivals arrivals, BlobContainerClient container, SyncMetrics metrics)
{
    public void Take(IReadOnlyList<BlobEvent> events)
    {
        var concerning = events.Count(one => one.Concerns(container.Name));
        metrics.EventsFollowed(concerning);
        metrics.EventsIgnored(events.Count - concerning);
        if (concerning == 0) return;
        arrivals.Note();
        hints.Raise();
    }
}
