using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>What a replica measures of its requests and versions, with tags of closed sets.</summary>
public sealed class MetricTests(Azurite azurite) : OneReplica(azurite)
{
    [Fact]
    public async Task Calls_are_timed_by_how_they_ended_and_versions_counted_while_they_are_in_memory()
    {
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(await PublishTimesAsync(1))));
        var app = Start();
        using var client = app.CreateClient();
        var meters = app.Services.GetRequiredService<IMeterFactory>();
        var sums = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Meter.Name == "ModelPlatform.Inference") listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, instrument is Histogram<int> ? 1 : value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, 1, tags));
        listener.Start();
        await ReadyAsync(client);

        await InferAsync(client, 1);
        foreach (var (path, status) in new[] { ("m", HttpStatusCode.BadRequest), ("secret-name", HttpStatusCode.NotFound) })
        {
            using var refused = await client.PostAsJsonAsync($"/v2/models/{path}/infer", new { inputs = Array.Empty<int>() }, Cancelled);
            Assert.Equal(status, refused.StatusCode);
        }
        await Repository.WantAsync(2, ("m", RepositoryContainer.Model(await PublishTimesAsync(2))));
        await AnswersAsync(client, "2");
        await Eventually.IsTrueAsync("the first version has left the memory", () => Task.FromResult(Sum("modelplatform.inference.versions.resident model.name=m") == 1));

        Assert.InRange(Sum("modelplatform.inference.request.duration model.name=m outcome=ok"), 2, 1000);
        Assert.Equal(1, Sum("modelplatform.inference.request.duration model.name=m outcome=invalid_input"));
        Assert.Equal(1, Sum("modelplatform.inference.requests.refused reason=invalid_input"));
        Assert.Equal(1, Sum("modelplatform.inference.requests.refused reason=unknown_model"));
        Assert.InRange(Sum("modelplatform.inference.load.duration model.name=m"), 1, 2);
        Assert.DoesNotContain(sums.Keys, key => key.Contains("secret", StringComparison.Ordinal));
        listener.RecordObservableInstruments();
        Assert.Equal(0, Sum("modelplatform.inference.requests.active model.name=m"));
        Assert.Equal(1, Sum("modelplatform.inference.models.served"));

        double Sum(string key) => sums.TryGetValue(key, out var sum) ? sum : double.NaN;

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => sums.AddOrUpdate(
            string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")]), value, (_, before) => before + value);
    }
}
