using System.Diagnostics.Metrics;
using System.Text.Json;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Leading;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Replicas;
using ModelPlatform.Sync.Rollouts;
using ModelPlatform.Sync.Webhooks;

namespace ModelPlatform.Sync.Telemetry;

internal sealed class SyncMetrics
{
    public const string MeterName = "ModelPlatform.Sync";

    private readonly Counter<long> _lists;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _changes;
    private readonly Counter<long> _generations;
    private readonly Histogram<double> _publishDuration;
    private readonly Counter<long> _rolloutMoves;
    private readonly Histogram<double> _rolloutDuration;
    private readonly Counter<long> _historyLost;
    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _events;
    private readonly Histogram<double> _eventDelay;
    private int _foreignNames;

    public SyncMetrics(IMeterFactory meters, ReplicaRegistry replicas, StateFeed feed, Leadership leadership)
    {
        var meter = meters.Create(MeterName);
        _lists = meter.CreateCounter<long>("modelplatform.sync.list.calls", "{call}", "List calls, one for each page, by what they are for: `repository`, `history`, `wish`.");
        _failures = meter.CreateCounter<long>("modelplatform.sync.pass.failures", "{pass}", "Passes that could not read the repository or publish.");
        _changes = meter.CreateCounter<long>("modelplatform.sync.changes", "{change}", "Listings that differ from the one before.");
        _generations = meter.CreateCounter<long>("modelplatform.sync.generations", "{generation}", "Documents published.");
        _publishDuration = meter.CreateHistogram<double>("modelplatform.sync.publish.duration", "s", "From the start of the pass that saw a change to its publication.");
        _rolloutMoves = meter.CreateCounter<long>("modelplatform.sync.rollout.moves", "{move}", "Steps of rollouts, by what they mean: `started`, `stepped`, `live`, `rolledBack`, `abandoned`.");
        _rolloutDuration = meter.CreateHistogram<double>("modelplatform.sync.rollout.duration", "s", "From the first step of a rollout to its end, by what that was.");
        _historyLost = meter.CreateCounter<long>("modelplatform.sync.history.lost", "{entry}", "Entries of the history that were given up, since storage was away for too long.");
        _deliveries = meter.CreateCounter<long>("modelplatform.sync.webhook.deliveries", "{event}", "Events for webhooks that were accepted, failed however often they were tried, or lost since too many waited.");
        _events = meter.CreateCounter<long>("modelplatform.sync.events", "{event}", "Events of changed blobs by outcome: followed, ignored (none of our business), refused (calls and messages that are no events, or lack the key).");
        _eventDelay = meter.CreateHistogram<double>("modelplatform.sync.event.delay", "s", "From the arrival of an event to the publication that followed it.");
        // A former leader knows what was, and would tell it for as long as it stands by.
        meter.CreateObservableGauge("modelplatform.sync.foreign_names", () => leadership.IsLeading ? Volatile.Read(ref _foreignNames) : 0, "{blob}", "Blobs whose names are not of the repository's form; 0 where this instance does not lead.");
        meter.CreateObservableGauge("modelplatform.sync.quarantined", () => leadership.IsLeading ? QuarantinedIn(feed.Current) : 0, "{version}", "Versions that are given to no replica; 0 where this instance does not lead.");
        meter.CreateObservableGauge("modelplatform.sync.replicas", () => replicas.Connected, "{replica}", "Replicas that hold a watch open.");
        meter.CreateObservableGauge("modelplatform.sync.leading", () => leadership.IsLeading ? 1 : 0, "{instance}", "Whether this instance leads: 1 or 0. All instances together make 1, but for a moment.");
    }

    public void Listed(ListPurpose purpose) =>
        _lists.Add(1, new KeyValuePair<string, object?>("purpose", JsonNamingPolicy.CamelCase.ConvertName(purpose.ToString())));

    public void Failed() => _failures.Add(1);

    public void Changed() => _changes.Add(1);

    public void ForeignNames(int count) => Volatile.Write(ref _foreignNames, count);

    public void Moved(HistoryKind kind) => _rolloutMoves.Add(1, NameOf(kind));

    public void Ended(HistoryKind kind, TimeSpan sinceItBegan) => _rolloutDuration.Record(sinceItBegan.TotalSeconds, NameOf(kind));

    public void HistoryLost() => _historyLost.Add(1);

    /// <param name="target">As it is configured: a closed set.</param>
    public void Delivered(string target, DeliveryOutcome outcome) => _deliveries.Add(1, new("target", target), new("outcome", outcome switch
    {
        DeliveryOutcome.Accepted => "accepted",
        DeliveryOutcome.Failed => "failed",
        _ => "lost",
    }));

    public void Published(TimeSpan sinceDetection, TimeSpan? sinceEvent)
    {
        _generations.Add(1);
        _publishDuration.Record(sinceDetection.TotalSeconds);
        if (sinceEvent is { } delay) _eventDelay.Record(delay.TotalSeconds);
    }

    public void EventsFollowed(int count) => Came(count, "followed");

    public void EventsIgnored(int count) => Came(count, "ignored");

    public void EventRefused() => Came(1, "refused");

    private static int QuarantinedIn(PublishedState? published) => published?.Document.Models.Values.Sum(model => model.Quarantine.Count) ?? 0;

    private void Came(int count, string outcome)
    {
        if (count > 0) _events.Add(count, new KeyValuePair<string, object?>("outcome", outcome));
    }

    private static KeyValuePair<string, object?> NameOf(HistoryKind kind) =>
        new("outcome", JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()));
}
