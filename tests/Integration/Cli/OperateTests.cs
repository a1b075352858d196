using System.Text.Json.Nodes;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Tests.Integration.Sync;

namespace ModelPlatform.Tests.Integration.Cli;

public sealed class OperateTests(Azurite azurite)
{
    private static readonly ModelName Fashion = ModelName.Parse("fashion");

    [Fact]
    public async Task A_model_is_pinned_and_rolled_back_and_the_history_tells_it()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        await storage.Container.PublishAsync("fashion/1");
        await storage.Container.PublishAsync("fashion/2", "another graph");
        await ServesAsync(sync, 2);

        Assert.StartsWith("fashion is pinned to version 1.", (await RunAsync(sync, "pin", "fashion/1")).Expect(0).Output, StringComparison.Ordinal);
        await ServesAsync(sync, 1);
        Assert.Contains("""fashion is pinned to version 1 until "modelctl unpin fashion".""", (await RunAsync(sync, "status")).Expect(0).Output, StringComparison.Ordinal);
        var watched = (await RunAsync(sync, "watch", "fashion", "--until-done")).Expect(0).Output.Split('\n');
        Assert.Contains(watched, line => line.EndsWith("fashion/1 wanted, given 0: -", StringComparison.Ordinal));

        Assert.Contains("There is nothing to roll 'fashion' back to", (await RunAsync(sync, "rollback", "fashion")).Expect(1).Error, StringComparison.Ordinal);
        var wished = JsonNode.Parse((await RunAsync(sync, "rollback", "fashion/2", "--output", "json")).Expect(0).Output)!;
        Assert.Equal(("rollback", "fashion", "2"), ((string?)wished["wish"], (string?)wished["model"], (string?)wished["version"]));
        await ServesAsync(sync, 2);
        (await RunAsync(sync, "pause", "fashion")).Expect(0);

        var history = JsonNode.Parse((await RunAsync(sync, "history", "fashion", "--limit", "9", "--output", "json")).Expect(0).Output)!.AsArray();
        Assert.Equal(["paused", "live", "published", "pinned", "live", "pinned"], history.Take(6).Select(entry => (string?)entry!["kind"]));
        Assert.Contains("Rolled back from version 1.", (await RunAsync(sync, "history")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("Version 1 of 'fashion' is not in quarantine.", (await RunAsync(sync, "release", "fashion/1")).Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_key_or_with_half_a_name_nothing_is_asked()
    {
        await using var sync = new SyncHost(azurite.NewStorage());
        var url = sync.Client.BaseAddress!.ToString();
        Assert.Contains("does not let us in: The platform key is missing or wrong.", (await ModelCtl.RunAsync([new("MODELCTL_SYNC", url), new("MODELCTL_KEY", "guess")], "pause", "fashion")).Expect(4).Error, StringComparison.Ordinal);
        Assert.Contains("This needs the platform key: set MODELCTL_KEY", (await ModelCtl.RunAsync([new("MODELCTL_SYNC", "http://model-sync.example:8080")], "pause", "fashion")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("Name the version too, as in fashion/2.", (await RunAsync(sync, "pin", "fashion")).Expect(2).Error, StringComparison.Ordinal);
        (await RunAsync(sync, "history", "--limit", "0")).Expect(2);
    }

    private static Task ServesAsync(SyncHost sync, int version) => sync.StateAsync($"version {version}", state => state.Models.GetValueOrDefault(Fashion)?.Versions[0].Version.Number == version);

    private static Task<ModelCtl> RunAsync(SyncHost sync, params string[] arguments) =>
        ModelCtl.RunAsync([new("MODELCTL_SYNC", sync.Client.BaseAddress!.ToString()), new("MODELCTL_KEY", SyncHost.Key)], arguments);
}
