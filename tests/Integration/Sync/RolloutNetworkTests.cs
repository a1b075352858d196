using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Integration.Inference;

namespace ModelPlatform.Tests.Integration.Sync;

/// <summary>Rollouts over real replicas, which share nothing with ModelSync but a network that fails and clocks that disagree.</summary>
public sealed class RolloutNetworkTests(Azurite azurite, ITestOutputHelper output) : OneReplica(azurite)
{
    private static readonly ModelName Model = Id(1).Name;

    [Fact]
    public async Task Connections_that_are_cut_at_random_only_delay_it()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var sync = new SyncHost(Storage, settings: ("Replicas:HeartbeatEvery", "00:00:00.1"));
        // Most of them in the middle of a document, some between two heartbeats, and answers to acks as well.
        await using var network = new TcpProxy(() => Port(sync)) { CutEachAfter = () => { lock (random) return random.Next(100, 6000); } };
        var replicas = new[] { "a", "b", "c" }.Select(id => StartReplica(id, network.Port)).ToList();
        await PublishTimesAsync(1);
        foreach (var replica in replicas) await ReadyAsync(replica);
        using var done = new CancellationTokenSource();
        var asking = Task.WhenAll(replicas.Select(replica => AskAsync(replica, done.Token)));

        for (var version = 2; version <= 6; version++)
        {
            await PublishTimesAsync(version);
            await LiveAsync(sync, version);
        }
        foreach (var replica in replicas) await AnswersAsync(replica, "6");
        await done.CancelAsync();
        await asking;
        Assert.Empty((await sync.StateAsync())!.Models[Model].Quarantine);
        output.WriteLine($"{network.Cuts} connections cut");
        Assert.InRange(network.Cuts, 20, int.MaxValue);
    }

    [Fact]
    public async Task Clocks_that_are_ten_minutes_apart_decide_nothing()
    {
        var (early, late) = (TimeSpan.FromMinutes(-5), TimeSpan.FromMinutes(5));
        await Repository.UploadAsync("m/serving.json", """{ "rollout": { "first": 1, "bake": "00:00:02", "timeout": "00:01:00" } }"""u8.ToArray());
        await PublishTimesAsync(1);
        var port = 0;
        await using var network = new TcpProxy(() => Volatile.Read(ref port));
        List<HttpClient> replicas;
        await using (var first = new SyncHost(Storage, services: At(late)))
        {
            Volatile.Write(ref port, Port(first));
            replicas = [StartReplica("a", network.Port, late), StartReplica("b", network.Port, early), StartReplica("c", network.Port)];
            await Eventually.IsTrueAsync("all serve it", async () => (await first.ReplicasAsync()).Count(replica => replica.Models.ContainsKey(Model)) == 3);
            await PublishTimesAsync(2);
            await first.StateAsync("the rollout", state => state.Models[Model].Candidate is not null);
        }

        // By its clock all of that will have happened in ten minutes.
        await using var next = new SyncHost(Storage, services: At(early), settings: ("Rollouts:Settle", "00:00:05"));
        Volatile.Write(ref port, Port(next));
        var clock = Stopwatch.StartNew();
        await LiveAsync(next, 2);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"live {clock.Elapsed.TotalSeconds:0.0} s after it took over"));
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(20));
        foreach (var replica in replicas) await AnswersAsync(replica, "2");
        Assert.Empty((await next.StateAsync())!.Models[Model].Quarantine);
    }

    private static int Port(SyncHost sync) => sync.Client.BaseAddress!.Port;

    private static Action<IServiceCollection> At(TimeSpan clock) => services => services.AddSingleton<TimeProvider>(new ShiftedTime(clock));

    private HttpClient StartReplica(string id, int port, TimeSpan clock = default) => Start(
        At(clock),
        ("Replica:Id", id), ("services:model-sync:http:0", $"http://127.0.0.1:{port}"), ("Platform:Key", SyncHost.Key), ("Reload:RetryFirst", "00:00:00.1"), ("Reload:RetryMost", "00:00:00.3")).StartOnSocket();

    private static async Task AskAsync(HttpClient replica, CancellationToken done)
    {
        while (!done.IsCancellationRequested) Assert.NotNull((await InferAsync(replica, 1)).Version);
    }

    private static Task<DesiredState> LiveAsync(SyncHost sync, int version) => sync.StateAsync($"version {version} live", state =>
        state.Models.GetValueOrDefault(Model) is { Candidate: null } model && model.Versions.Single().Version.Number == version);
}
