using System.Net;
using System.Net.Http.Json;
using Azure.Storage.Blobs;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Repository.Storage;
using ModelPlatform.ServiceDefaults;
using static ModelPlatform.Tests.Integration.Sync.Operator;

namespace ModelPlatform.Tests.Integration.Sync;

public sealed class OperatorPinTests(Azurite azurite)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pin_is_served_until_it_is_taken_off_and_every_wish_is_in_the_history()
    {
        var storage = azurite.NewStorage();
        await using var sync = await ServingAsync(storage);
        await storage.Container.PublishAsync("fashion/2", "another graph");
        await ServesAsync(sync, 2);

        await WishAsync(sync, "pin", """{"version": "1"}""");
        await ServesAsync(sync, 1);
        await WishAsync(sync, "pin", """{"version": "1"}""");     // no news
        await WishAsync(sync, "pause");
        await WishAsync(sync, "unload");
        await WishAsync(sync, "load");
        Assert.Equal(new ModelOverride(Pin: new(1), Paused: true), (await storage.Container.OverridesAsync(Cancelled)).Overrides.Models[Fashion]);
        await WishAsync(sync, "resume", "{}");
        await WishAsync(sync, "unpin");
        await ServesAsync(sync, 2);
        Assert.Empty((await storage.Container.OverridesAsync(Cancelled)).Overrides.Models);

        var told = (await sync.Client.GetFromJsonAsync(SyncRoutes.History, RepositoryJson.Default.IReadOnlyListHistoryEntry, Cancelled))!;
        Assert.Equal(
            [HistoryKind.Unpinned, HistoryKind.Resumed, HistoryKind.Loaded, HistoryKind.Unloaded, HistoryKind.Paused, HistoryKind.Pinned],
            told.Select(entry => entry.Kind).Where(kind => kind > HistoryKind.Abandoned));
        Assert.Equal(new ModelVersion(1), told.Single(entry => entry.Kind == HistoryKind.Pinned).Version);
    }

    [Fact]
    public async Task A_rollback_pins_the_version_named_or_the_last_one_known_good()
    {
        var storage = azurite.NewStorage();
        await using var sync = await ServingAsync(storage);
        using (var early = await PostAsync(sync, SyncRoutes.WishOf(Fashion, "rollback")))
        {
            Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
            Assert.StartsWith("There is nothing to roll 'fashion' back to", (await early.Content.ReadFromJsonAsync<ErrorBody>(Cancelled))!.Error, StringComparison.Ordinal);
        }
        await using var replica = new ScriptedReplica(sync, "a");
        await Eventually.IsTrueAsync("it is served", async () => (await sync.ReplicasAsync()).Any(replica => replica.Models.ContainsKey(Fashion)));
        await storage.Container.PublishAsync("fashion/2", "another graph");
        await sync.StateAsync("a fallback", state => state.Models[Fashion] is { Candidate: null, Fallback: [_] });

        await WishAsync(sync, "rollback", "{}");
        await ServesAsync(sync, 1);
        await WishAsync(sync, "rollback", """{"version": "2"}""");
        await ServesAsync(sync, 2);
    }

    [Fact]
    public async Task A_pinned_version_that_goes_away_stays_published_and_is_a_problem()
    {
        var storage = azurite.NewStorage();
        await using var sync = await ServingAsync(storage);
        await WishAsync(sync, "pin", """{"version": "1"}""");
        await storage.Container.PublishAsync("fashion/2", "another graph");
        await storage.Container.GetBlobClient("fashion/1/model.json").DeleteAsync(cancellationToken: Cancelled);
        await Eventually.IsTrueAsync("a problem", async () =>
            (await sync.Client.GetStringAsync(new Uri(SyncRoutes.Problems, UriKind.Relative), Cancelled)).Contains("'fashion' is pinned to version 1, which is not there or not complete", StringComparison.Ordinal));
        Assert.Equal(1, (await sync.StateAsync())!.Models[Fashion].Versions.Single().Version.Number);
    }

    [Fact]
    public async Task A_version_in_quarantine_is_pinned_only_once_it_is_released()
    {
        const string Refusal = "Version 2 of 'fashion' is in quarantine: release it first. The reason: a: Golden sample 0 differs.";
        var storage = azurite.NewStorage();
        await using var sync = await ServingAsync(storage);
        await using var replica = new ScriptedReplica(sync, "a", (version, ack) => version.Version.Number == 1 ? ack : ack with { State = AckState.Rejected, Reason = "Golden sample 0 differs." });
        await IsServedAsync(sync);
        await storage.Container.PublishAsync("fashion/2", "another graph");
        await sync.StateAsync("the quarantine", state => state.Models[Fashion].Quarantine.Count == 1);

        foreach (var verb in new[] { "pin", "rollback" })
        {
            using var answer = await PostAsync(sync, SyncRoutes.WishOf(Fashion, verb), """{"version": "2"}""");
            Assert.Equal((HttpStatusCode.Conflict, Refusal), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<ErrorBody>(Cancelled))!.Error));
        }
        Assert.Empty((await storage.Container.OverridesAsync(Cancelled)).Overrides.Models);

        // At once, without waiting for what is published then.
        await WishAsync(sync, "release", """{"version": "2"}""");
        await WishAsync(sync, "pin", """{"version": "2"}""");
    }

    [Fact]
    public async Task A_pinned_version_that_comes_into_quarantine_is_told_with_what_is_served_instead()
    {
        const string Says = "Version 2 is in quarantine; version 1 is served instead.";
        var storage = azurite.NewStorage();
        await using var sync = await ServingAsync(storage);
        await using var replica = new ScriptedReplica(sync, "a", (version, ack) => version.Version.Number == 1 ? ack : null);
        await IsServedAsync(sync);
        await WishAsync(sync, "pin", """{"version": "1"}""");
        await storage.Container.PublishAsync("fashion/2", "another graph");
        await WishAsync(sync, "pin", """{"version": "2"}""");
        var rolling = await sync.StateAsync("its rollout", state => state.Models[Fashion].Candidate is not null);
        Assert.Null((await ModelAsync(sync)).PinObstacle);

        var candidate = rolling.Models[Fashion].Candidate!.Versions.Single();
        var rejected = new ReplicaAck { Generation = rolling.Generation, Model = Fashion, Version = candidate.Version, Identity = candidate.Identity, State = AckState.Rejected, Reason = "It is bad." };
        (await sync.AcknowledgeAsync("a", rejected)).EnsureSuccessStatusCode();
        await ServesAsync(sync, 1);
        await Eventually.IsTrueAsync("it is told", async () => (await ModelAsync(sync)) is { Pin.Number: 2, PinObstacle: Says });
        using var browser = new Visitor(sync);
        Assert.Contains($"Operators have pinned it to version 2. {Says}", await browser.PageAsync(), StringComparison.Ordinal);
    }
}
