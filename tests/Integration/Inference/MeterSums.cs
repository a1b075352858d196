using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>What one service counts from now on, by instrument and tags: the sums of its counters, and how often its histograms were told something.</summary>
internal sealed class MeterSums : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, double> _sums = new();

    public MeterSums(InferenceApp app) : this(app.Services, "ModelPlatform.Inference") { }

    public MeterSums(IServiceProvider services, string meter)
    {
        // Those of other services in this process have a scope of their own.
        var meters = services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Meter.Name == meter) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, instrument is Histogram<int> ? 1 : value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, 1, tags));
        _listener.Start();
    }

    /// <summary>Such as <c>modelplatform.inference.requests.refused reason=invalid_input</c>.</summary>
    public IEnumerable<string> Keys => _sums.Keys;

    /// <summary>Not a number where nothing was told.</summary>
    public double this[string key] => _sums.TryGetValue(key, out var sum) ? sum : double.NaN;

    public void RecordObservables() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => _sums.AddOrUpdate(
        string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")]), value, (_, before) => before + value);
}
