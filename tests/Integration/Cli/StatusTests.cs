using System.Text.Json.Nodes;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Integration.Sync;

namespace ModelPlatform.Tests.Integration.Cli;

public sealed class StatusTests(Azurite azurite)
{
    private static readonly ModelName Fashion = ModelName.Parse("fashion");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Models_replicas_reasons_and_problems_are_told_and_a_terminal_is_safe()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        Assert.Contains("ModelSync has published nothing yet.", (await RunAsync(sync, "status")).Expect(0).Output, StringComparison.Ordinal);

        await storage.Container.PublishAsync("fashion/1");
        var identity = await storage.Container.PublishAsync("fashion/2", "another graph");
        await storage.Container.PutAsync("evil\u202e.txt", "x");
        await sync.StateAsync("version 2", state => state.Models.GetValueOrDefault(Fashion)?.Versions[0].Version.Number == 2);
        await using var watch = sync.WatchAsync("replica-a").GetAsyncEnumerator(Cancelled);
        await watch.MoveNextAsync();
        await AcknowledgeAsync(sync, identity, AckState.Rejected, "Golden sample 0: \u001b]0;owned\u0007 is no Sneaker");
        await Eventually.IsTrueAsync("the problem", async () => (await RunAsync(sync, "status")).Expect(0).Output.Contains("evil", StringComparison.Ordinal));

        var lines = (await RunAsync(sync, "status", "--check")).Expect(5).Output.Split('\n');
        Assert.Contains(lines, line => Words(line).SequenceEqual(["fashion", "2", "wanted", "0", "of", "1", "1", "rejected"]));
        Assert.Contains("""fashion/2 rejected by replica-a: Golden sample 0: \u001b]0;owned\u0007 is no Sneaker""", lines);
        Assert.Contains(lines, line => Words(line) is ["replica-a", "yes", _, "http://127.0.0.1:5080", "7"]);
        Assert.Contains(lines, line => line.StartsWith("""  evil\u202e.txt: """, StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Any(char.IsControl));

        await AcknowledgeAsync(sync, identity, AckState.Serving);
        (await RunAsync(sync, "status", "fashion", "--check")).Expect(0);
        Assert.Contains("There is no model 'bags'. There are: fashion.", (await RunAsync(sync, "status", "bags")).Expect(1).Error, StringComparison.Ordinal);

        var json = JsonNode.Parse((await RunAsync(sync, "status", "--output", "json")).Expect(0).Output)!;
        Assert.True((bool)json["settled"]!);
        Assert.Equal(("fashion", "2", "wanted", "serving"), ((string?)json["versions"]![0]!["model"], (string?)json["versions"]![0]!["version"], (string?)json["versions"]![0]!["desired"], (string?)json["versions"]![0]!["replicas"]![0]!["state"]));
        Assert.Equal("evil\u202e.txt", (string?)json["problems"]![0]!["blob"]);

        static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public async Task Where_modelsync_answers_may_be_configured_and_is_named_when_it_does_not()
    {
        var nobody = $"http://127.0.0.1:{FreePort.Next()}";
        var ran = (await ModelCtl.RunAsync([new("MODELCTL_SYNC", nobody)], "status")).Expect(4);
        Assert.Contains($"{nobody}/v1/state cannot be reached", ran.Error, StringComparison.Ordinal);
        (await ModelCtl.RunAsync([new("MODELCTL_SYNC", "nonsense")], "status")).Expect(2);
        (await ModelCtl.RunAsync([], "status", "--sync", "ftp://x")).Expect(2);
    }

    private static Task<ModelCtl> RunAsync(SyncHost sync, params string[] arguments) =>
        ModelCtl.RunAsync([new("MODELCTL_SYNC", sync.Client.BaseAddress!.ToString())], arguments);

    private static async Task AcknowledgeAsync(SyncHost sync, Identity identity, AckState state, string? reason = null) =>
        (await sync.AcknowledgeAsync("replica-a", new ReplicaAck { Generation = 2, Model = Fashion, Version = new(2), Identity = identity, State = state, Reason = reason })).EnsureSuccessStatusCode();
}
