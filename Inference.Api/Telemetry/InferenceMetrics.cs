using System.Diagnostics.Metrics;
using System.Text.Json;
using ModelPlatform.Inference.Models;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Telemetry;

/// <summary>What is counted and timed, besides ASP.NET Core's own request metrics.</summary>
internal sealed class InferenceMetrics
{
    // The usual boundaries are made for milliseconds: in seconds nearly everything would fall into the first.
    private static readonly InstrumentAdvice<double> Requests = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };
    private static readonly InstrumentAdvice<double> Reloads = new() { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900] };

    private static readonly string[] FaultNames = [.. Enum.GetNames<FaultKind>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    private static readonly InstrumentAdvice<int> Rows = new() { HistogramBucketBoundaries = [1, 2, 3, 4, 6, 8, 12, 16, 32, 64, 128, 256] };

    private readonly Histogram<double> _request;
    private readonly Counter<long> _refused;
    private readonly Histogram<double> _decode;
    private readonly Histogram<double> _queue;
    private readonly Histogram<int> _rows;
    private readonly Counter<long> _dropped;
    private readonly Histogram<double> _run;
    private readonly Histogram<double> _load;
    private readonly UpDownCounter<long> _resident;
    private readonly Histogram<double> _reload;
    private readonly Counter<long> _reloads;

    public InferenceMetrics(IMeterFactory meters, ModelCatalog catalog)
    {
        var meter = meters.Create(InferenceTelemetry.Name);
        _request = meter.CreateHistogram<double>("modelplatform.inference.request.duration", "s", "A call, whatever protocol it came by, from its version to its outputs, by how it ended.", null, Requests);
        _refused = meter.CreateCounter<long>("modelplatform.inference.requests.refused", "{request}", "Requests that were answered with an error, by its reason.");
        _decode = meter.CreateHistogram<double>("modelplatform.inference.decode.duration", "s", "From an encoded picture to a row of the input tensor.", null, Requests);
        _run = meter.CreateHistogram<double>("modelplatform.inference.run.duration", "s", "One run of the model, of whatever number of rows.", null, Requests);
        _queue = meter.CreateHistogram<double>("modelplatform.inference.queue.duration", "s", "From the queueing of a call to the begin of its run.", null, Requests);
        _rows = meter.CreateHistogram<int>("modelplatform.inference.batch.rows", "{row}", "Rows in each run.", null, Rows);
        _dropped = meter.CreateCounter<long>("modelplatform.inference.queue.dropped", "{call}", "Calls whose caller was gone before their run.");
        _load = meter.CreateHistogram<double>("modelplatform.inference.load.duration", "s", "From a version's files on disk to a session of the runtime.", null, Reloads);
        _resident = meter.CreateUpDownCounter<long>("modelplatform.inference.versions.resident", "{version}", "Versions in memory: being proven, served, or still held by requests.");
        _reload = meter.CreateHistogram<double>("modelplatform.inference.reload.duration", "s", "From learning of a version to serving it.", null, Reloads);
        _reloads = meter.CreateCounter<long>("modelplatform.inference.reload.result", "{reload}", "Versions that were served, rejected or are to be retried.");
        meter.CreateObservableUpDownCounter("modelplatform.inference.models.served", () => catalog.Names.Count(), "{model}", "Models that answer requests.");
        meter.CreateObservableUpDownCounter("modelplatform.inference.requests.active", () => catalog.Names.Select(name => Active(catalog, name)), "{request}", "Calls that have a place: they are decoded, wait or run.");
        meter.CreateObservableUpDownCounter("modelplatform.inference.queue.depth", () => catalog.Names.Select(name => Depth(catalog, name)), "{call}", "Calls that wait for a run.");
    }

    /// <param name="outcome">From a closed list: "ok", "cancelled" or the name of a fault.</param>
    public void Answered(ModelName model, string outcome, TimeSpan elapsed) => _request.Record(elapsed.TotalSeconds, ModelTag(model), new("outcome", outcome));

    public void Refused(FaultKind reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", NameOf(reason)));

    public void Loaded(ModelName model, TimeSpan elapsed) => _load.Record(elapsed.TotalSeconds, ModelTag(model));

    /// <summary>A version is in memory until this is disposed.</summary>
    public Residence Reside(ModelName model)
    {
        _resident.Add(1, ModelTag(model));
        return new Residence(this, model);
    }

    public static string NameOf(FaultKind kind) => FaultNames[(int)kind];

    public void Decoded(ModelName model, TimeSpan elapsed) => _decode.Record(elapsed.TotalSeconds, ModelTag(model));

    public void Queued(ModelName model, TimeSpan elapsed) => _queue.Record(elapsed.TotalSeconds, ModelTag(model));

    public void Dropped(ModelName model) => _dropped.Add(1, ModelTag(model));

    public void Ran(ModelName model, int rows, TimeSpan elapsed)
    {
        _rows.Record(rows, ModelTag(model));
        _run.Record(elapsed.TotalSeconds, ModelTag(model));
    }

    public void Reloaded(ModelName model, AckState outcome, TimeSpan elapsed)
    {
        _reloads.Add(1, ModelTag(model), new("outcome", outcome.ToString().ToLowerInvariant()));
        if (outcome == AckState.Serving) _reload.Record(elapsed.TotalSeconds, ModelTag(model));
    }

    private static Measurement<int> Active(ModelCatalog catalog, ModelName model) =>
        new(catalog.Of(model).Sum(version => version.Admission.Present), ModelTag(model));

    private static Measurement<int> Depth(ModelCatalog catalog, ModelName model) =>
        new(catalog.Of(model).Sum(version => version.Runners.Waiting), ModelTag(model));

    private static KeyValuePair<string, object?> ModelTag(ModelName model) => new("model.name", model.ToString());

    public readonly struct Residence(InferenceMetrics metrics, ModelName model) : IDisposable
    {
        public void Dispose() => metrics._resident.Add(-1, ModelTag(model));
    }
}
