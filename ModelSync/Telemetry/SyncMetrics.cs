using System.Diagnostics.Metrics;
using ModelPlatform.Sync.Leading;
using ModelPlatform.Sync.Replicas;

namespace ModelPlatform.Sync.Telemetry;

internal sealed class SyncMetrics
{
    public const string MeterName = "ModelPlatform.Sync";

    private readonly Counter<long> _lists;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _changes;
    private readonly Counter<long> _generations;
    private readonly Gauge<int> _foreignNames;
    private readonly Histogram<double> _publishDuration;

    public SyncMetrics(IMeterFactory meters, ReplicaRegistry replicas, Leadership leadership)
    {
        var meter = meters.Create(MeterName);
        _lists = meter.CreateCounter<long>("modelplatform.sync.list.calls", "{call}", "List calls, one for each page.");
        _failures = meter.CreateCounter<long>("modelplatform.sync.pass.failures", "{pass}", "Passes that could not read the repository or publish.");
        _changes = meter.CreateCounter<long>("modelplatform.sync.changes", "{change}", "Listings that differ from the one before.");
        _generations = meter.CreateCounter<long>("modelplatform.sync.generations", "{generation}", "Documents published.");
        _foreignNames = meter.CreateGauge<int>("modelplatform.sync.foreign_names", "{blob}", "Blobs whose names are not of the repository's form.");
        _publishDuration = meter.CreateHistogram<double>("modelplatform.sync.publish.duration", "s", "From the start of the pass that saw a change to its publication.");
        meter.CreateObservableGauge("modelplatform.sync.replicas", () => replicas.Connected, "{replica}", "Replicas that hold a watch open.");
        meter.CreateObservableGauge("modelplatform.sync.leading", () => leadership.IsLeading ? 1 : 0, "{instance}", "Whether this instance leads: 1 or 0. All instances together make 1, but for a moment.");
    }

    public void Listed() => _lists.Add(1);

    public void Failed() => _failures.Add(1);

    public void Changed() => _changes.Add(1);

    public void ForeignNames(int count) => _foreignNames.Record(count);

    public void Published(TimeSpan sinceDetection)
    {
        _generations.Add(1);
        _publishDuration.Record(sinceDetection.TotalSeconds);
    }
}
