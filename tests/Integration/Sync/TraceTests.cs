using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Tests.Integration.Sync.Events;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace ModelPlatform.Tests.Integration.Sync;

/// <summary>Alone, since activity sources are the process's: hosts of other tests would be heard too.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;

[Collection<Alone>]
public sealed class TraceTests(Azurite azurite, EventQueueTests.Queues queues) : IClassFixture<EventQueueTests.Queues>
{
    private const string Publisher = "00-11111111111111111111111111111111-2222222222222222-01";

    [Fact]
    public async Task A_change_is_one_trace_and_a_quiet_time_is_none()
    {
        var storage = azurite.NewStorage();
        using var spans = new Spans();
        await using var sync = new SyncHost(storage, services: services => services.ConfigureOpenTelemetryTracerProvider(traces => traces.AddProcessor(spans)));
        // The test's own calls run in the same process: they must not be taken for ModelSync's. Only now, or ModelSync would start suppressed.
        using var untraced = SuppressInstrumentationScope.Begin();
        await sync.IsHealthyAsync();
        await using var watch = sync.WatchAsync("a").GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await watch.MoveNextAsync();
        await sync.ReportAsync("the replica asked in vain", report => (string?)report["entries"]!["replica a"]!["status"] == "Unhealthy");
        Assert.Empty(spans.All);

        await storage.Container.PublishAsync("fashion/1", traceparent: Publisher);
        await watch.MoveNextAsync();
        await Eventually.IsTrueAsync("the change's span", () => Task.FromResult(spans.Named("detect").Count == 1));
        var state = (await sync.StateAsync())!;

        var detect = spans.Named("detect").Single();
        var publish = spans.Named("publish").Single();
        Assert.Equal(("11111111111111111111111111111111", "2222222222222222"), (detect.TraceId.ToHexString(), detect.ParentSpanId.ToHexString()));
        Assert.Equal(detect.SpanId, spans.Named("plan").Single().ParentSpanId);
        Assert.Equal(detect.SpanId, publish.ParentSpanId);
        Assert.Equal(publish.Id, state.Traceparent);
        Assert.True(detect.StartTimeUtc <= spans.Named("plan").Single().StartTimeUtc);

        var before = spans.All.Count;
        await storage.Container.PutAsync("fashion/2/model.onnx", "not committed");
        await storage.Container.PutAsync("stray.txt", "a change that leads to nothing");
        await Eventually.IsTrueAsync("a pass that saw it", () => Task.FromResult(sync.Logs.Warnings.Count == 1));
        await sync.HealthAsync();
        Assert.All(spans.All.Skip(before), span => Assert.Equal("/v1/state", span.GetTagItem("url.path")));
        Assert.All(spans.All, span => Assert.True(span.TraceId == detect.TraceId || span.GetTagItem("url.path") is "/v1/state", span.DisplayName));
    }

    [Fact]
    public async Task Events_leave_none_whichever_way_they_come()
    {
        var storage = azurite.NewStorage();
        var (queue, setting) = await queues.NewAsync();
        using var spans = new Spans();
        await using var events = await EventHost.StartAsync(
            storage,
            services: services => services.ConfigureOpenTelemetryTracerProvider(traces => traces.AddProcessor(spans)),
            settings: [("Events:Queue", setting), ("Events:QueueMost", "00:00:00.5")]);
        using var untraced = SuppressInstrumentationScope.Begin();
        await events.PostAsync(events.Changed("fashion/1/model.json"));
        await queue.SendMessageAsync(BinaryData.FromObjectAsJson(events.Changed("fashion/1/model.json")).ToString(), TestContext.Current.CancellationToken);
        await events.ListedAsync(2);
        Assert.Empty(spans.All);
    }

    private sealed class Spans : BaseProcessor<Activity>
    {
        private readonly ConcurrentQueue<Activity> _ended = new();

        public IReadOnlyList<Activity> All => [.. _ended];

        public IReadOnlyList<Activity> Named(string name) => [.. _ended.Where(span => span.OperationName == name)];

        public override void OnEnd(Activity data) => _ended.Enqueue(data);
    }
}
