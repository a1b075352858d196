using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs.Specialized;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Integration.Inference;

namespace ModelPlatform.Tests.Integration.Sync;

/// <summary>Several instances on one container.</summary>
public sealed class LeaderTests(Azurite azurite)
{
    // A standby tries every two seconds at the most, and then needs a moment.
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(8);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_those_that_race_for_the_first_lease_one_leads()
    {
        for (var round = 0; round < 3; round++)
        {
            var storage = azurite.NewStorage();
            var hosts = await Task.WhenAll(Enumerable.Range(0, 3).Select(number => Task.Run(() => Host(storage, $"{number}"), Cancelled)));
            try
            {
                await Eventually.IsTrueAsync("one leads and two know that", async () =>
                    (await Task.WhenAll(hosts.Select(StandingAsync))).Order(StringComparer.Ordinal).ToList() is ["It leads.", var one, var other] && one == other && one.EndsWith(" leads.", StringComparison.Ordinal));
            }
            finally
            {
                foreach (var host in hosts) await host.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_standby_is_not_ready_and_sends_everybody_away()
    {
        var storage = azurite.NewStorage();
        await using var leader = Host(storage, "a");
        await leader.IsHealthyAsync();
        await using var standby = Host(storage, "b");
        var report = await standby.ReportAsync("standing by", report => (string?)report["entries"]!["leader"]!["description"] == "standby: a leads.");
        Assert.Equal("Healthy", (string?)report["entries"]!["storage"]!["status"]);

        using var client = standby.NewClient();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync(new Uri("/health", UriKind.Relative), Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/alive", UriKind.Relative), Cancelled)).StatusCode);
        foreach (var (method, path) in ((string, string)[])[("GET", "/v1/state"), ("GET", "/v1/state/watch?replica=r"), ("GET", "/v1/replicas"), ("GET", "/v1/problems"),
            ("POST", "/v1/replicas/r/acks"), ("POST", "/v1/models/fashion/unload")])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
            using var answer = await client.SendAsync(request, Cancelled);
            Assert.Equal((path, HttpStatusCode.ServiceUnavailable, true, "2"), (path, answer.StatusCode, answer.Headers.ConnectionClose, answer.Headers.RetryAfter?.ToString()));
            Assert.Contains("standby: a leads", (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!["error"], StringComparison.Ordinal);
        }

        var signature = await storage.Container.SignatureAsync();
        Assert.Equal(("a", leader.ClientOptions.BaseAddress.Authority), (signature["instance"], new Uri(signature["address"]).Authority));
        Assert.Empty(leader.Logs.Warnings);     // its blob is no foreign one
    }

    [Fact]
    public async Task A_leader_that_stops_hands_over_at_once()
    {
        var storage = azurite.NewStorage();
        var first = Host(storage, "a");
        await first.IsHealthyAsync();
        await storage.Container.PublishAsync("fashion/1");
        var before = await first.StateAsync("the first document", _ => true);
        await using var second = Host(storage, "b");
        await second.ReportAsync("standing by", report => (string?)report["entries"]!["leader"]!["description"] == "standby: a leads.");

        var clock = Stopwatch.StartNew();
        await first.DisposeAsync();
        await Eventually.IsTrueAsync("the second leads", async () => await second.HealthAsync() == "Healthy", AtOnce);
        TestContext.Current.TestOutputHelper?.WriteLine($"handed over in {clock.Elapsed.TotalSeconds:0.0} s");

        Assert.Equal(before.ToJson(), (await second.StateAsync())!.ToJson());
        await storage.Container.PublishAsync("fashion/2");
        Assert.Equal(2, (await second.StateAsync("version 2", state => state.Models[ModelName.Parse("fashion")].Versions.Single().Version.Number == 2)).Generation);
    }

    [Fact]
    public async Task A_leader_that_is_cut_off_from_storage_gives_up_and_is_followed()
    {
        var storage = azurite.NewStorage();
        var port = storage.Container.Uri.Port;
        var line = new TcpProxy(() => port);
        await using var cutOff = Host(new Storage(storage.Account.Replace($":{port}/", $":{line.Port}/", StringComparison.Ordinal), storage.ContainerName), "a");
        await cutOff.IsHealthyAsync();
        await using var standby = Host(storage, "b");
        await standby.ReportAsync("standing by", report => (string?)report["entries"]!["leader"]!["description"] == "standby: a leads.");
        await using var watch = cutOff.WatchAsync("r").GetAsyncEnumerator(Cancelled);
        await watch.MoveNextAsync();

        var clock = Stopwatch.StartNew();
        await line.DisposeAsync();
        await Eventually.IsTrueAsync("the standby leads", async () =>
        {
            if (await StandingAsync(standby) != "It leads.") return false;
            Assert.NotEqual("It leads.", await StandingAsync(cutOff));
            return true;
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"followed after {clock.Elapsed.TotalSeconds:0.0} s");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(15) + AtOnce, $"{clock.Elapsed}");
        while (await watch.MoveNextAsync()) { }     // it has ended
        Assert.Contains(cutOff.Logs.Warnings, warning => warning.StartsWith("This instance leads no more", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_leads_again_remembers_nothing_of_before()
    {
        var storage = azurite.NewStorage();
        await using var first = Host(storage, "a");
        await first.IsHealthyAsync();
        await storage.Container.PublishAsync("fashion/1");
        await first.StateAsync("the first document", _ => true);
        await using var watch = first.WatchAsync("r").GetAsyncEnumerator(Cancelled);
        await watch.MoveNextAsync();
        Assert.Single(await first.ReplicasAsync());

        var second = Host(storage, "b");
        await second.ReportAsync("standing by", report => (string?)report["entries"]!["leader"]!["description"] == "standby: a leads.");
        await storage.Container.GetBlobClient(RepositoryLayout.Leader).GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Cancelled);
        await second.IsHealthyAsync();
        while (await watch.MoveNextAsync()) { }     // it has ended
        await first.ReportAsync("standing by", report => (string?)report["entries"]!["leader"]!["description"] == "standby: b leads.");
        await storage.Container.PublishAsync("fashion/2");
        var after = await second.StateAsync("version 2", state => state.Generation == 2);

        await second.DisposeAsync();
        await first.IsHealthyAsync();
        Assert.Equal(after.ToJson(), (await first.StateAsync())!.ToJson());
        Assert.Empty(await first.ReplicasAsync());
    }

    [Fact]
    public async Task Whoever_leads_no_more_measures_nothing_of_what_it_knew()
    {
        var fashion = ModelName.Parse("fashion");
        var storage = azurite.NewStorage();
        await using var first = Host(storage, "a");
        await first.IsHealthyAsync();
        await using (var replica = new ScriptedReplica(first, "r", (version, ack) => version.Version.Number == 1 ? ack : ack with { State = AckState.Rejected, Reason = "It is bad." }))
        {
            await storage.Container.PublishAsync("fashion/1");
            await Eventually.IsTrueAsync("it is served", async () => (await first.ReplicasAsync()).Any(known => known.Models.ContainsKey(fashion)));
            await storage.Container.PublishAsync("fashion/2", "graph 2");
            await storage.Container.PutAsync("stray.txt", "of nobody");
            await first.StateAsync("the quarantine", state => state.Models[fashion].Quarantine.Count == 1);
        }
        await Eventually.IsTrueAsync("it measures both", () => Task.FromResult((1, 1) == (Measured(first, "quarantined"), Measured(first, "foreign_names"))));

        await using var second = Host(storage, "b");
        await second.ReportAsync("standing by", report => (string?)report["entries"]!["leader"]!["description"] == "standby: a leads.");
        Assert.Equal((0, 0), (Measured(second, "quarantined"), Measured(second, "foreign_names")));
        await storage.Container.GetBlobClient(RepositoryLayout.Leader).GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Cancelled);
        await second.IsHealthyAsync();
        await first.ReportAsync("standing by", report => (string?)report["entries"]!["leader"]!["description"] == "standby: b leads.");
        await Eventually.IsTrueAsync("it measures both", () => Task.FromResult((1, 1) == (Measured(second, "quarantined"), Measured(second, "foreign_names"))));
        Assert.Equal((0, 0, 0, 0), (Measured(first, "quarantined"), Measured(first, "foreign_names"), Measured(first, "replicas"), Measured(first, "leading")));
    }

    private static double Measured(SyncHost host, string gauge)
    {
        using var now = new MeterSums(host.Services, "ModelPlatform.Sync");
        now.RecordObservables();
        return now[$"modelplatform.sync.{gauge}"];
    }

    private static SyncHost Host(Storage storage, string name) => new(storage, settings: ("Leader:Instance", name));

    private static async Task<string> StandingAsync(SyncHost host) => (string)(await host.ReportAsync())["entries"]!["leader"]!["description"]!;
}
