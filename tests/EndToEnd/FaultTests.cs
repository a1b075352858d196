using System.Diagnostics;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.EndToEnd.Load;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd;

/// <summary>Services die: scoring goes on, and everything converges by itself.</summary>
public sealed class FaultTests(ITestOutputHelper output) : UnderLoad(output)
{
    private const int Connections = 8;

    [Fact]
    public async Task With_ModelSync_dead_replicas_serve_on_and_a_new_one_finds_what_it_missed()
    {
        await using var platform = await StartAsync("a", "b");
        await using var load = ScoringLoad.Start(platform.AddressOf("a"), platform.AddressOf("b"));

        await platform.KillAsync("model-sync");
        await PublishAsync(platform, 2);
        platform.StartReplica("c");
        await platform.AnswersAsync(Model, 1, null, "a", "b", "c");

        platform.StartSync();
        await platform.AnswersAsync(Model, 2, null, "a", "b", "c");

        await EndAsync(load);
        Assert.Empty(load.Failures);
        await Eventually.IsTrueAsync("all three replicas are back", async () => (await platform.ReplicasAsync()).Count(replica => replica.Connected) == 3);
    }

    [Fact]
    public async Task A_replica_that_starts_while_the_newest_version_is_bad_serves_the_fallback()
    {
        await using var platform = await StartAsync("a", "b");
        await platform.PublishAsync(Model, 2, RepositoryRoot.Combine("samples", "fashion", "broken", "golden"));
        Assert.StartsWith("a: Golden sample", await Quarantine.OfAsync(platform.Client, platform.Sync, Model, 2), StringComparison.Ordinal);

        platform.StartReplica("c");
        await platform.AnswersAsync(Model, 1, null, "a", "b", "c");

        await PublishAsync(platform, 3);
        await platform.AnswersAsync(Model, 3, null, "a", "b", "c");
    }

    [Fact]
    public async Task One_replica_killed_under_load_costs_only_what_was_in_flight_on_it()
    {
        await using var platform = await StartAsync("a", "b");
        await using var load = ScoringLoad.Start(platform.AddressOf("a"), platform.AddressOf("b"));
        var before = load.Answers;
        await Eventually.IsTrueAsync("the load runs", () => Task.FromResult(load.Answers > before + 50));

        await platform.KillAsync("a");
        var killed = Stopwatch.GetTimestamp();
        await Eventually.IsTrueAsync("the dead replica leaves the list", async () => (await platform.ReplicasAsync()).Count == 1);
        Output.WriteLine($"It left /v1/replicas after {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.0} s.");
        await PublishAsync(platform, 2);
        await platform.AnswersAsync(Model, 2, null, "b");

        await EndAsync(load);
        Assert.InRange(load.Failures.Count, 0, Connections);
        Assert.All(load.Failures, failure => Assert.StartsWith(platform.AddressOf("a").ToString(), failure, StringComparison.Ordinal));

        platform.StartReplica("a");
        await platform.AnswersAsync(Model, 2, null, "a", "b");
    }
}
