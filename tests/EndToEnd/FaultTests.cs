using System.Diagnostics;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.EndToEnd.Load;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd;

/// <summary>Services die and storage goes away: scoring goes on, and everything converges by itself.</summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    private const string Model = ScoringLoad.Model;
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
    public async Task With_storage_away_for_30_s_replicas_serve_on_and_converge_afterwards()
    {
        await using var platform = await StartAsync("a", "b");
        await using var load = ScoringLoad.Start(platform.AddressOf("a"), platform.AddressOf("b"));

        await platform.Azurite.StopAsync();
        await Task.Delay(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await platform.AnswersAsync(Model, 1, null, "a", "b");
        await platform.Azurite.StartAsync();
        await PublishAsync(platform, 2);
        await platform.AnswersAsync(Model, 2, TimeSpan.FromSeconds(60), "a", "b");

        await EndAsync(load);
        Assert.Empty(load.Failures);
    }

    // ModelSync makes a new container, as it does in development: its listing is empty, and the document is gone.
    [Fact]
    public async Task A_deleted_container_unloads_nothing_and_a_new_one_is_served_from()
    {
        await using var platform = await StartAsync("a", "b");
        await using var load = ScoringLoad.Start(platform.AddressOf("a"), platform.AddressOf("b"));

        await platform.Repository.Client.DeleteAsync(cancellationToken: TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync("ModelSync has looked", async () => await platform.Repository.Client.ExistsAsync(TestContext.Current.CancellationToken));
        var before = load.Answers;
        await Eventually.IsTrueAsync("scoring goes on", () => Task.FromResult(load.Answers > before + 200));
        await PublishAsync(platform, 2);
        await platform.AnswersAsync(Model, 2, null, "a", "b");

        await EndAsync(load);
        Assert.Empty(load.Failures);
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
        output.WriteLine($"It left /v1/replicas after {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.0} s.");
        await PublishAsync(platform, 2);
        await platform.AnswersAsync(Model, 2, null, "b");

        await EndAsync(load);
        Assert.InRange(load.Failures.Count, 0, Connections);
        Assert.All(load.Failures, failure => Assert.StartsWith(platform.AddressOf("a").ToString(), failure, StringComparison.Ordinal));

        platform.StartReplica("a");
        await platform.AnswersAsync(Model, 2, null, "a", "b");
    }

    private static async Task<PlainPlatform> StartAsync(params string[] replicas)
    {
        var platform = await PlainPlatform.StartAsync(replicas);
        return await platform.WithAsync(async () =>
        {
            await PublishAsync(platform, 1);
            await platform.AnswersAsync(Model, 1, null, replicas);
            // A version is known good once somebody has said so: what may be fallen back to.
            await Eventually.IsTrueAsync("ModelSync has heard it", async () => (await platform.ReplicasAsync()).Count(replica => replica.Models.Count > 0) == replicas.Length);
        });
    }

    private static Task PublishAsync(PlainPlatform platform, int version) => platform.PublishAsync(Model, version, ScoringLoad.FolderOf(version));

    private async Task EndAsync(ScoringLoad load)
    {
        await load.StopAsync();
        output.WriteLine(load.Summary);
    }
}
