using System.Diagnostics.Metrics;
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

    private readonly Histogram<double> _decode;
    private readonly Histogram<double> _run;
    private readonly Histogram<double> _reload;
    private readonly Counter<long> _reloads;

    public InferenceMetrics(IMeterFactory meters, ModelCatalog catalog)
    {
        var meter = meters.Create(InferenceTelemetry.Name);
        _decode = meter.CreateHistogram<double>("modelplatform.inference.decode.duration", "s", "From an encoded picture to a row of the input tensor.", null, Requests);
        _run = meter.CreateHistogram<double>("modelplatform.inference.run.duration", "s", "From the wait for a place to the outputs of the model.", null, Requests);
        _reload = meter.CreateHistogram<double>("modelplatform.inference.reload.duration", "s", "From learning of a version to serving it.", null, Reloads);
        _reloads = meter.CreateCounter<long>("modelplatform.inference.reload.result", "{reload}", "Versions that were served, rejected or are to be retried.");
        meter.CreateObservableUpDownCounter("modelplatform.inference.models.served", () => catalog.Names.Count(), "{model}", "Models that answer requests.");
    }

    public void Decoded(ModelName model, TimeSpan elapsed) => _decode.Record(elapsed.TotalSeconds, ModelTag(model));

    public void Ran(ModelName model, TimeSpan elapsed) => _run.Record(elapsed.TotalSeconds, ModelTag(model));

    public void Reloaded(ModelName model, AckState outcome, TimeSpan elapsed)
    {
        _reloads.Add(1, ModelTag(model), new("outcome", outcome.ToString().ToLowerInvariant()));
        if (outcome == AckState.Serving) _reload.Record(elapsed.TotalSeconds, ModelTag(model));
    }

    private static KeyValuePair<string, object?> ModelTag(ModelName model) => new("model.name", model.ToString());
}
