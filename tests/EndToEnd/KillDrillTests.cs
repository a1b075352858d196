using System.Diagnostics;
using System.Globalization;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.EndToEnd.Load;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd;

/// <summary>
/// ModelSync is killed before and after every step of a rollout, with real replicas that answer all the while. Before: it has decided on the step and its write
/// was refused. After: the step is written and no further one can be. Whoever comes next goes on from there.
/// </summary>
public sealed class KillDrillTests(ITestOutputHelper output)
{
    private const string Model = "killed";

    private static readonly ModelName Name = ModelName.Parse(Model);

    private static readonly byte[] ServingPolicy = """
        { "rollout": { "first": 1, "atOnce": 1, "bake": "00:00:02.5", "timeout": "00:01:00", "guard": { "maxErrorRate": 0.05, "minCalls": 10 } } }
        """u8.ToArray();

    [Fact]
    public async Task Whenever_ModelSync_is_killed_the_next_one_brings_the_rollout_to_its_end_and_no_request_fails()
    {
        var clock = Stopwatch.StartNew();
        await using var drill = await KillDrill.StartAsync(Model, output, "a", "b", "c");
        await drill.Platform.Repository.UploadAsync($"{Model}/serving.json", ServingPolicy);
        await PublishAsync(drill, 1, OnnxModels.Times(1));
        drill.StartSync(writes: int.MaxValue);
        await drill.Platform.AnswersAsync(Model, 1, null, "a", "b", "c");
        await using var load = TensorLoad.Start(Model, drill.Platform.AddressOf("a"), drill.Platform.AddressOf("b"), drill.Platform.AddressOf("c"));
        // Which is published on its own, once it is known.
        await Eventually.IsTrueAsync("the signature", async () => (await drill.ModelAsync()).Signature is not null);

        drill.LetNoMore();
        await PublishAsync(drill, 2, OnnxModels.Times(2));
        await drill.KillBeforeAsync("the version is given to the first replica");
        await drill.KillAfterAsync("the version is given to the first replica", model => Has(model, "2", "a"));
        await drill.KillOnceAsync("the first replica serves it, and it bakes", async () => await IsServedAsync(drill, "a", 2));
        await drill.StepAsync("it is given to the second replica", model => Has(model, "2", "a", "b"));
        await drill.StepAsync("it is given to the last replica", model => Has(model, "2", "a", "b", "c"));
        await drill.StepAsync("it is the version of all", model => model.Candidate is null && Text(model.Versions) == "2" && Text(model.Fallback) == "1");
        await drill.Platform.AnswersAsync(Model, 2, null, "a", "b", "c");

        await PublishAsync(drill, 3, OnnxModels.Roots());
        drill.StartSync(writes: 1);
        await Eventually.IsTrueAsync("a bad version is given to the first replica", async () => Has(await drill.ModelAsync(), "3", "a"));
        await drill.KillBeforeAsync("it is taken back and quarantined");
        await drill.KillAfterAsync("it is taken back and quarantined", model => model is { Candidate: null, Quarantine: [var held] } && held.Version.Version.Number == 3 && Text(model.Versions) == "2");
        await drill.KillOnceAsync("every replica is back", async () => await AllServeAsync(drill, 2));
        var back = load.BeginEra();
        drill.StartSync(writes: int.MaxValue);
        await Eventually.IsTrueAsync("all of them say so", async () => await AllServeAsync(drill, 2));
        await Eventually.IsTrueAsync("the load goes on", () => Task.FromResult(load.VersionsSince(back).Values.Sum() > 200));

        Assert.Equal([2], load.VersionsSince(back).Keys);
        Assert.Contains("gave no numbers", Assert.Single((await drill.ModelAsync()).Quarantine).Reason, StringComparison.Ordinal);
        Assert.Equal((0, 0), (load.AnswersOf(drill.Platform.AddressOf("b"), 3), load.AnswersOf(drill.Platform.AddressOf("c"), 3)));
        Assert.Empty(load.Failures);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{drill.Kills} kills, {load.Answers} answers, {clock.Elapsed.TotalSeconds:0} s."));
    }

    private static bool Has(DesiredModel model, string version, params string[] replicas) =>
        model.Candidate is { } candidate && Text(candidate.Versions) == version && model.Replicas.Keys.Select(replica => replica.ToString()).Order().SequenceEqual(replicas);

    private static async Task<bool> IsServedAsync(KillDrill drill, string replica, int version) => (await drill.Platform.ReplicasAsync())
        .Any(one => one.Id == replica && Served(one).SequenceEqual([version]));

    private static async Task<bool> AllServeAsync(KillDrill drill, int version) =>
        await drill.Platform.ReplicasAsync() is { Count: 3 } replicas && replicas.All(replica => Served(replica).SequenceEqual([version]));

    /// <summary>Everything that it serves, wanted or not.</summary>
    private static IEnumerable<int> Served(ReplicaStatus replica) => replica.Models.GetValueOrDefault(Name)?
        .Where(version => version.Value.State == AckState.Serving).Select(version => (int)version.Key.Number) ?? [];

    private static string Text(IReadOnlyList<DesiredVersion> versions) => string.Join(' ', versions.Select(version => version.Version));

    private static Task<DesiredVersion> PublishAsync(KillDrill drill, int version, byte[] graph) =>
        drill.Platform.Repository.PublishAsync(new ModelId(Name, new ModelVersion(version)), new Dictionary<string, byte[]> { ["model.onnx"] = graph });
}
