using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Leading;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Replicas;
using ModelPlatform.Sync.Telemetry;
using static ModelPlatform.Tests.Unit.Sync.Planning.Offers;

namespace ModelPlatform.Tests.Unit.Sync.Telemetry;

public sealed class SyncMetricsTests
{
    [Fact]
    public void What_is_known_of_the_repository_is_measured_only_while_this_instance_leads()
    {
        var (time, feed, leadership) = (new FakeTime(), new StateFeed(), new Leadership());
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var metrics = new SyncMetrics(meters, new ReplicaRegistry(Options.Create(new ReplicaOptions()), time), feed, leadership);
        feed.Publish(new PublishedState(State((Fashion, Published("1") with { Quarantine = [new QuarantinedVersion(Desired("2"), "bad")] })), [], "etag"));
        metrics.ForeignNames(3);
        Assert.Equal("foreign_names 0, leading 0, quarantined 0, replicas 0", Measured(meters));

        using var term = new Term(time.GetTimestamp(), TimeSpan.FromSeconds(15), isOurNext: true, time, CancellationToken.None);
        leadership.Open(term);
        Assert.Equal("foreign_names 3, leading 1, quarantined 1, replicas 0", Measured(meters));

        // Nobody makes it forget what it has published.
        term.End();
        Assert.Equal("foreign_names 0, leading 0, quarantined 0, replicas 0", Measured(meters));
    }

    private static string Measured(IMeterFactory meters)
    {
        var measured = new SortedDictionary<string, int>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Scope == meters && instrument.IsObservable) listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => measured.Add(instrument.Name["modelplatform.sync.".Length..], value));
        listener.Start();
        listener.RecordObservableInstruments();
        return string.Join(", ", measured.Select(gauge => $"{gauge.Key} {gauge.Value}"));
    }
}
