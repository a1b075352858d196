using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.EndToEnd.Load;
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
        await using var platform = await PlainPlatform.StartAsync("a", "b");
        await platform.Repository.UploadAsync($"{Model}/serving.json", ServingPolicy);
        await PublishAsync(platform, 1, OnnxModels.Times(1));
        await platform.AnswersAsync(Model, 1, null, "a", "b");
        await using var load = TensorLoad.Start(Model, platform.AddressOf("a"), platform.AddressOf("b"));

        await RefusedAsync(platform, load, 2, OnnxModels.Times(1)[..20], "a: ");
        await RefusedAsync(platform, load, 3, OnnxModels.Times(2), "a: Golden output", draft: GoldenOfOne);
        await RefusedAsync(platform, load, 4, OnnxModels.Roots(), "gave no numbers");
        await RefusedAsync(platform, load, 5, OnnxModels.SlowTimes(1, 100_000), "times as long");
        Assert.Empty(load.Failures);

        await PublishAsync(platform, 6, OnnxModels.SlowTimes(1, 100_000_000));
        await Eventually.IsTrueAsync("a loads it", async () => (await platform.ReplicasAsync())
            .Any(replica => replica.Id == "a" && replica.Models[ModelName.Parse(Model)].GetValueOrDefault(new ModelVersion(6)) is { State: AckState.Loading }));
        await platform.KillAsync("a");
        Assert.Equal("a: Its process ended while it loaded the version.", await Quarantine.OfAsync(platform.Client, platform.Sync, Model, 6));
        Assert.Equal(0, load.AnswersOf(platform.AddressOf("b"), 6));
        Assert.All(load.Failures, failure => Assert.StartsWith(platform.AddressOf("a").ToString(), failure, StringComparison.Ordinal));

        platform.StartReplica("a");
        await platform.AnswersAsync(Model, 1, null, "a", "b");
        await PublishAsync(platform, 7, OnnxModels.Times(1, version: 9));
        await platform.AnswersAsync(Model, 7, TimeSpan.FromMinutes(1), "a", "b");
    }

    private async Task RefusedAsync(PlainPlatform platform, TensorLoad load, int version, byte[] graph, string reason, JsonObject? draft = null)
    {
        await PublishAsync(platform, version, graph, draft);
        var committed = Stopwatch.GetTimestamp();
        var said = await Quarantine.OfAsync(platform.Client, platform.Sync, Model, version);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Version {version}: quarantined after {Stopwatch.GetElapsedTime(committed).TotalSeconds:0.0} s. {said}"));
        Assert.Contains(reason, said, StringComparison.Ordinal);

        await platform.AnswersAsync(Model, 1, null, "a", "b");
        var (bad, answers) = (load.AnswersOf(platform.AddressOf("a"), version), load.Answers);
        await Eventually.IsTrueAsync("the load goes on", () => Task.FromResult(load.Answers > answers + 100));
        // What was under way when it went may have been counted since.
        Assert.InRange(load.AnswersOf(platform.AddressOf("a"), version), bad, bad + 8);
        Assert.Equal(0, load.AnswersOf(platform.AddressOf("b"), version));
        output.WriteLine($"It has answered {bad} calls, on the first replica only.");
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
