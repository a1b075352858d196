using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.EndToEnd.Load;
using ModelPlatform.Tests.EndToEnd.Telemetry;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd;

/// <summary>Bad versions of every kind under steady load over two replicas: none reaches more than the first, and the version before is back.</summary>
public sealed class RolloutDrillTests(ITestOutputHelper output)
{
    private const string Model = "drill";

    private static readonly byte[] ServingPolicy = """
        { "rollout": { "first": 1, "bake": "00:00:20", "timeout": "00:01:00", "guard": { "maxErrorRate": 0.05, "maxLatencyRatio": 5, "minCalls": 20 } } }
        """u8.ToArray();

    [Fact]
    public async Task No_bad_version_gets_beyond_the_first_replica()
    {
        await using var spans = new SpanCollector();
        await using var platform = await PlainPlatform.WithStorageAsync();
        platform.StartSync(spans.Settings);
        foreach (var replica in new[] { "a", "b" }) platform.StartReplica(replica, spans.Settings);
        await platform.Repository.UploadAsync($"{Model}/serving.json", ServingPolicy);
        await PublishAsync(platform, 1, OnnxModels.Times(1));
        await platform.AnswersAsync(Model, 1, null, "a", "b");
        await using var load = TensorLoad.Start(Model, platform.AddressOf("a"), platform.AddressOf("b"));

        await RefusedAsync(platform, spans, load, 2, OnnxModels.Times(1)[..20], "a: ");
        await RefusedAsync(platform, spans, load, 3, OnnxModels.Times(2), "a: Golden output", draft: GoldenOfOne);
        await RefusedAsync(platform, spans, load, 4, OnnxModels.Roots(), "gave no numbers");
        await RefusedAsync(platform, spans, load, 5, OnnxModels.SlowTimes(1, 100_000), "times as long");
        Assert.Empty(load.Failures);

        var before = load.BeginEra();
        await PublishAsync(platform, 6, OnnxModels.SlowTimes(1, 100_000_000));
        await Eventually.IsTrueAsync("a loads it", async () => (await platform.ReplicasAsync())
            .Any(replica => replica.Id == "a" && replica.Models[ModelName.Parse(Model)].GetValueOrDefault(new ModelVersion(6)) is { State: AckState.Loading }));
        await platform.KillAsync("a");
        var ended = await Quarantine.OfAsync(platform.Client, platform.Sync, Model, 6);
        Assert.Equal("a: Its process ended while it loaded the version.", ended);
        await IsToldEverywhereAsync(platform, spans, 6, ended);
        Assert.Equal(0, load.AnswersOf(platform.AddressOf("b"), 6));
        Assert.All(load.Failures, failure => Assert.StartsWith(platform.AddressOf("a").ToString(), failure, StringComparison.Ordinal));

        platform.StartReplica("a", spans.Settings);
        await platform.AnswersAsync(Model, 1, null, "a", "b");
        Assert.Equal([1], load.VersionsSince(before).Keys);
        await PublishAsync(platform, 7, OnnxModels.Times(1, version: 9));
        await platform.AnswersAsync(Model, 7, TimeSpan.FromMinutes(1), "a", "b");
    }

    private async Task RefusedAsync(PlainPlatform platform, SpanCollector spans, TensorLoad load, int version, byte[] graph, string reason, JsonObject? draft = null)
    {
        await PublishAsync(platform, version, graph, draft);
        var committed = Stopwatch.GetTimestamp();
        var said = await Quarantine.OfAsync(platform.Client, platform.Sync, Model, version);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Version {version}: quarantined after {Stopwatch.GetElapsedTime(committed).TotalSeconds:0.0} s. {said}"));
        Assert.Contains(reason, said, StringComparison.Ordinal);

        await platform.AnswersAsync(Model, 1, null, "a", "b");
        var back = load.BeginEra();
        await IsToldEverywhereAsync(platform, spans, version, said);
        await Eventually.IsTrueAsync("the load goes on", () => Task.FromResult(load.VersionsSince(back).Values.Sum() > 100));
        Assert.Equal([1], load.VersionsSince(back).Keys);
        Assert.Equal(0, load.AnswersOf(platform.AddressOf("b"), version));
        output.WriteLine($"It has answered {load.AnswersOf(platform.AddressOf("a"), version)} calls, on the first replica only.");
    }

    /// <summary>The reason stands in <c>modelctl status</c>, on the console, and in the trace that began with the rollout.</summary>
    private static async Task IsToldEverywhereAsync(PlainPlatform platform, SpanCollector spans, int version, string reason)
    {
        var status = await platform.ModelCtlAsync("status");
        var page = await platform.Client.GetStringAsync(platform.Sync, TestContext.Current.CancellationToken);
        var row = page.Split($"<tr id=\"version-{Model}-{version}-quarantined\">")[1].Split("</tr>")[0];
        Assert.Multiple(
            () => Assert.Contains($"{Model}/{version} is quarantined: {Quoted.Of(reason, 1000)}", status.Split('\n')),
            () => Assert.Contains(reason, WebUtility.HtmlDecode(row), StringComparison.Ordinal));

        var revert = await Eventually.GetAsync("the step back in a trace", () => Task.FromResult(spans.All.FirstOrDefault(span => span.Name == "step" && span.Failure == reason)));
        Assert.Contains("rolledBack", revert.Events);
        Assert.Contains(spans.All, span => span.Name == "detect" && span.Trace == revert.Trace && span.Id == revert.Parent && span.Events.Contains("started"));
    }

    private static JsonObject GoldenOfOne => JsonNode.Parse("""
        { "golden": [{ "inputs": { "x": "golden/x.bin" }, "outputs": { "y": "golden/x.bin" }, "tolerance": 0.0001 }] }
        """)!.AsObject();

    private static Task<DesiredVersion> PublishAsync(PlainPlatform platform, int version, byte[] graph, JsonObject? draft = null)
    {
        var files = new Dictionary<string, byte[]> { ["model.onnx"] = graph };
        if (draft is not null) files["golden/x.bin"] = [.. BitConverter.GetBytes(3f), .. BitConverter.GetBytes(4f)];
        return platform.Repository.PublishAsync(new ModelId(ModelName.Parse(Model), new ModelVersion(version)), files, draft);
    }
}
