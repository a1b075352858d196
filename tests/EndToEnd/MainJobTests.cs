using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.EndToEnd.Load;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd;

/// <summary>What a person can do with the running application, in the words of the README.</summary>
public sealed class MainJobTests(RunningPlatform platform, ITestOutputHelper output) : IClassFixture<RunningPlatform>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_printed_curl_line_scores_the_sample_picture()
    {
        var line = Assert.Single(platform.Console, line => line.TrimStart().StartsWith("curl ", StringComparison.Ordinal));
        var (exitCode, answer) = await platform.ShellAsync(line.Trim().Replace("curl ", "curl -sS ", StringComparison.Ordinal));
        Assert.Equal(0, exitCode);
        var json = JsonNode.Parse(answer)!;
        Assert.Equal("fashion", (string?)json["model_name"]);
        Assert.Equal("Sneaker", (string?)json["predictions"]![0]!["label"]);
        Assert.InRange((double)json["predictions"]![0]!["probability"]!, 0.5, 1);
        Assert.NotNull((string?)json["model_version"]);
    }

    [Fact]
    public async Task The_health_page_knows_both_services_and_each_replica()
    {
        var replicas = (await platform.ReplicasAsync()).Select(replica => $"replica {replica.Id}").ToList();
        Assert.Equal(2, replicas.Count);
        await Eventually.IsTrueAsync("all of them healthy", async () =>
        {
            var targets = (await platform.GetAsync($"{platform.Sync}healthchecks-api")).AsArray();
            var healthy = targets.SelectMany(target => target!["entries"]!.AsArray()).Where(entry => (string?)entry!["status"] == "Healthy").Select(entry => (string?)entry!["name"]).ToList();
            return new[] { "model-sync", "inference-api" }.SequenceEqual(targets.Select(target => (string?)target!["name"])) && replicas.Append("storage").Append("models").All(healthy.Contains);
        });
    }

    [Fact]
    public async Task Modelctl_publishes_a_version_and_both_replicas_change_over_without_a_failed_request()
    {
        var first = await NextVersionAsync();
        await PublishSteadyAsync(first);
        await ConvergedAsync(ScoringLoad.Model, first);
        await using var load = ScoringLoad.Start(platform.Api);

        var (exitCode, told) = await platform.ShellAsync($"./modelctl publish {ScoringLoad.FolderOf(first + 1)} --model {ScoringLoad.Model} --version {first + 1}");
        var published = Stopwatch.GetTimestamp();
        Assert.True(exitCode == 0, told);
        await ConvergedAsync(ScoringLoad.Model, first + 1);
        output.WriteLine($"Both replicas answered with the new version {Stopwatch.GetElapsedTime(published).TotalSeconds:0.000} s after modelctl had ended.");
        await Eventually.IsTrueAsync("the load is answered by the new version", () => Task.FromResult(load.Versions.ContainsKey($"{first + 1}")));

        await load.StopAsync();
        output.WriteLine(load.Summary);
        Assert.Empty(load.Failures);
        Assert.Equal([$"{first}", $"{first + 1}"], load.Versions.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Modelctl_unloads_a_model_from_every_replica_and_loads_it_again()
    {
        await platform.Repository.PublishFolderAsync(Id("retired", 1), RepositoryRoot.Combine("samples", "fashion", "1"));
        await ConvergedAsync("retired", 1);

        var (exitCode, told) = await platform.ShellAsync("./modelctl unload retired --wait");
        Assert.True(exitCode == 0, told);
        output.WriteLine(told);
        foreach (var replica in await platform.ReplicasAsync()) Assert.Null(await Convergence.VersionOfAsync(platform.Client, replica.Address!, "retired"));

        (exitCode, told) = await platform.ShellAsync("./modelctl load retired");
        Assert.True(exitCode == 0, told);
        await ConvergedAsync("retired", 1);
        await Eventually.IsTrueAsync("status says so", async () => (await platform.ShellAsync("./modelctl status retired --check")).ExitCode == 0);
    }

    [Theory]
    [InlineData("corrupt", "ONNX")]
    [InlineData("golden", "Golden")]
    public async Task A_broken_version_is_refused_by_every_replica_with_a_reason(string sample, string reason)
    {
        var model = $"refused-{sample}";
        var repository = platform.Repository;
        await repository.PublishFolderAsync(Id(model, 1), RepositoryRoot.Combine("samples", "fashion", "1"));
        await ConvergedAsync(model, 1);

        var (exitCode, told) = await platform.ShellAsync($"./modelctl publish samples/fashion/broken/{sample} --model {model} --version 2");
        Assert.True(exitCode == 0, told);

        await RefusedAsync(model, reason);
    }

    [Fact]
    public async Task A_version_whose_file_differs_from_its_digest_is_refused_by_every_replica_with_a_reason()
    {
        var repository = platform.Repository;
        await repository.PublishFolderAsync(Id("refused-digest", 1), RepositoryRoot.Combine("samples", "fashion", "1"));
        await ConvergedAsync("refused-digest", 1);

        var good = await File.ReadAllBytesAsync(RepositoryRoot.Combine("samples", "fashion", "1", "model.onnx"), Cancelled);
        byte[] changed = [.. good[..^1], (byte)(good[^1] ^ 1)];
        await repository.PublishAsync(Id("refused-digest", 2), new Dictionary<string, byte[]> { ["model.onnx"] = good }, lies: new Dictionary<string, byte[]> { ["model.onnx"] = changed });

        await RefusedAsync("refused-digest", "digest");
    }

    [Fact]
    public async Task Twenty_version_changes_under_load_fail_no_request_and_mix_no_answer()
    {
        const int changes = 20;
        var repository = platform.Repository;
        var first = await NextVersionAsync();
        await PublishSteadyAsync(first);
        await ConvergedAsync(ScoringLoad.Model, first);
        await using var load = ScoringLoad.Start(platform.Api);

        var times = new List<TimeSpan>();
        var memory = new Dictionary<int, string>();
        for (var change = 1; change <= changes; change++)
        {
            await PublishSteadyAsync(first + change);
            var committed = Stopwatch.GetTimestamp();
            await ConvergedAsync(ScoringLoad.Model, first + change);
            times.Add(Stopwatch.GetElapsedTime(committed));
            if (change is 5 or changes) memory[change] = string.Join(", ", (await platform.ReplicasAsync()).Select(replica => $"{ResidentMemory.Of(replica.Pid!.Value):0} MiB"));
        }

        await load.StopAsync();
        output.WriteLine($"From the commit of model.json to the last replica: {Distribution.Of(times)}.");
        output.WriteLine($"Resident memory of the replicas after 5 changes: {memory[5]}; after {changes}: {memory[changes]}.");
        output.WriteLine(load.Summary);
        Assert.Empty(load.Failures);
        Assert.InRange(load.Versions.Count, changes / 2, changes + 1);
    }

    [Fact]
    public async Task Replicas_tell_their_own_addresses_past_the_public_port()
    {
        var replicas = await platform.ReplicasAsync();
        Assert.Equal(2, replicas.Select(replica => replica.Address).Distinct().Count());
        foreach (var replica in replicas)
        {
            Assert.NotEqual(platform.Api.Port, new Uri(replica.Address!).Port);
            Assert.Equal(HttpStatusCode.OK, (await platform.Client.GetAsync($"{replica.Address}/v2/health/ready", Cancelled)).StatusCode);
        }
    }

    private async Task<int> NextVersionAsync()
    {
        var known = (await platform.ReplicasAsync()).SelectMany(replica => replica.Models.GetValueOrDefault(ModelName.Parse(ScoringLoad.Model))?.Keys ?? []);
        return (int)known.Select(version => version.Number).Append(0).Max() + 1;
    }

    private Task PublishSteadyAsync(int version) => platform.Repository.PublishFolderAsync(Id(ScoringLoad.Model, version), ScoringLoad.FolderOf(version));

    private Task ConvergedAsync(string model, int version) => platform.ConvergedAsync(model, version, replicas: 2);

    private async Task RefusedAsync(string model, string reason)
    {
        var said = await Quarantine.OfAsync(platform.Client, platform.Sync, model, 2);
        output.WriteLine(said);
        Assert.Contains(reason, said, StringComparison.Ordinal);
        foreach (var replica in await platform.ReplicasAsync())
            Assert.Equal("""["1"]""", (await platform.GetAsync($"{replica.Address}/v2/models/{model}"))["versions"]!.ToJsonString());
    }

    private static ModelId Id(string model, int version) => new(ModelName.Parse(model), new ModelVersion(version));
}
