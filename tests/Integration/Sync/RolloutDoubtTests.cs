using System.Net;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Integration.Sync;

/// <summary>What ModelSync cannot see any more in the middle of a rollout brings no version to a replica that it would not have come to.</summary>
public sealed class RolloutDoubtTests(Azurite azurite)
{
    private const string Careful = """{ "rollout": { "first": 1, "atOnce": 1, "bake": "01:00:00" } }""";

    private static readonly ModelName Fashion = ModelName.Parse("fashion");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_policy_that_cannot_be_read_any_more_ends_no_bake()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await using var a = new ScriptedReplica(sync, "a");
        await using var b = new ScriptedReplica(sync, "b");
        var baking = await BakingAsync(sync, storage);
        await storage.Container.PutAsync("fashion/serving.json", "{ oops");
        await Eventually.IsTrueAsync("it is told", () => Task.FromResult(sync.Logs.Warnings.Any(text => text.Contains("fashion/serving.json", StringComparison.Ordinal))));
        await IsAsBeforeAsync(sync, storage, baking);
    }

    [Fact]
    public async Task A_successor_that_cannot_read_it_waits()
    {
        var storage = azurite.NewStorage();
        DesiredModel baking;
        await using (var sync = new SyncHost(storage))
        {
            await using var a = new ScriptedReplica(sync, "a");
            await using var b = new ScriptedReplica(sync, "b");
            baking = await BakingAsync(sync, storage);
        }
        await storage.Container.PutAsync("fashion/serving.json", "{ oops");
        await using var next = new SyncHost(storage);
        await using var again = new ScriptedReplica(next, "a");
        await using var other = new ScriptedReplica(next, "b");
        await Eventually.IsTrueAsync("both say what they serve", async () => (await next.ReplicasAsync()).Count(replica => replica.Models.ContainsKey(Fashion)) == 2);
        await IsAsBeforeAsync(next, storage, baking);
        await storage.Container.PutAsync("fashion/serving.json", "{}");
        await LiveAsync(next, 2);
    }

    [Fact]
    public async Task A_model_whose_blobs_are_gone_goes_no_step_further()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await using var a = new ScriptedReplica(sync, "a");
        await using var b = new ScriptedReplica(sync, "b");
        var baking = await BakingAsync(sync, storage, """{ "rollout": { "first": 1, "bake": "00:00:03" } }""");
        await foreach (var blob in storage.Container.GetBlobsAsync(Azure.Storage.Blobs.Models.BlobTraits.None, Azure.Storage.Blobs.Models.BlobStates.None, "fashion/", Cancelled))
            await storage.Container.DeleteBlobAsync(blob.Name, cancellationToken: Cancelled);
        await Task.Delay(TimeSpan.FromSeconds(4), Cancelled);       // longer than it bakes
        await storage.Container.PutAsync("stray.txt", "");
        await Eventually.IsTrueAsync("a look", () => Task.FromResult(sync.Logs.Warnings.Any(text => text.Contains("stray.txt", StringComparison.Ordinal))));
        Assert.Equal(Text(baking), Text((await sync.StateAsync())!.Models[Fashion]));
    }

    [Fact]
    public async Task Nobody_being_there_makes_nothing_live()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        DesiredModel baking;
        await using (new ScriptedReplica(sync, "b"))
        await using (new ScriptedReplica(sync, "a")) baking = await BakingAsync(sync, storage);
        await Eventually.IsTrueAsync("all are gone", async () => await sync.ReplicasAsync() is []);
        await IsAsBeforeAsync(sync, storage, baking);

        await using var a = new ScriptedReplica(sync, "a");
        await storage.Container.PutAsync("fashion/serving.json", "{}");
        await LiveAsync(sync, 2);
    }

    [Fact]
    public async Task A_version_published_while_nobody_is_there_waits_for_those_who_may_come_back()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage, settings: [("Replicas:Grace", "00:00:00.5"), ("Rollouts:Settle", "00:00:04")]);
        await using (new ScriptedReplica(sync, "a")) await ServedAsync(sync, storage, 1);
        await Eventually.IsTrueAsync("it is gone", async () => await sync.ReplicasAsync() is []);
        await storage.Container.PublishAsync("fashion/2", "graph 2");
        await using var again = new ScriptedReplica(sync, "a");
        await LiveAsync(sync, 2);
        var history = await sync.Client.GetStringAsync(new Uri(SyncRoutes.History, UriKind.Relative), Cancelled);
        Assert.Contains("started", history, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_operator_took_back_before_its_end_is_brought_out_in_steps_the_next_time_too()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await using var a = new ScriptedReplica(sync, "a");
        await using var b = new ScriptedReplica(sync, "b");
        await BakingAsync(sync, storage);
        await WishAsync(sync, "pin", """{"version": "1"}""");
        await LiveAsync(sync, 1);
        Assert.Empty((await sync.StateAsync())!.Models[Fashion].Fallback);
        await WishAsync(sync, "unpin");
        await sync.StateAsync("the rollout, on one replica", state => state.Models[Fashion] is { Candidate: not null, Replicas.Count: 1 });
        Assert.DoesNotContain("2", b.Given);
    }

    /// <returns>Version 1 on all, and 2 as it bakes on a.</returns>
    private static async Task<DesiredModel> BakingAsync(SyncHost sync, Storage storage, string policy = Careful)
    {
        await ServedAsync(sync, storage, 2);
        await storage.Container.PutAsync("fashion/serving.json", policy);
        await storage.Container.PublishAsync("fashion/2", "graph 2");
        await Eventually.IsTrueAsync("the first serves it", async () => (await sync.ReplicasAsync())
            .Any(replica => replica.Models.GetValueOrDefault(Fashion)?.GetValueOrDefault(new ModelVersion(2)) is { State: AckState.Serving }));
        var baking = (await sync.StateAsync())!.Models[Fashion];
        Assert.Equal("1, and 2 on a", Text(baking));
        return baking;
    }

    private static async Task ServedAsync(SyncHost sync, Storage storage, int replicas)
    {
        await storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await storage.Container.PublishAsync("fashion/1", "graph 1");
        await LiveAsync(sync, 1);
        await Eventually.IsTrueAsync("all serve it", async () => (await sync.ReplicasAsync()).Count(replica => replica.Models.ContainsKey(Fashion)) == replicas);
    }

    // What is published of another model after that was planned with it.
    private static async Task IsAsBeforeAsync(SyncHost sync, Storage storage, DesiredModel before)
    {
        await storage.Container.PublishAsync("other/1", "graph 1");
        var state = await sync.StateAsync("another model", state => state.Models.ContainsKey(ModelName.Parse("other")));
        Assert.Equal(Text(before), Text(state.Models[Fashion]));
    }

    private static Task<DesiredState> LiveAsync(SyncHost sync, int version) => sync.StateAsync($"version {version} live", state =>
        state.Models.GetValueOrDefault(Fashion) is { Candidate: null } model && model.Versions.Single().Version.Number == version);

    private static async Task WishAsync(SyncHost sync, string wish, string body = "")
    {
        using var content = new StringContent(body);
        using var answer = await sync.Client.PostAsync(new Uri(SyncRoutes.WishOf(Fashion, wish), UriKind.Relative), content, Cancelled);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private static string Text(DesiredModel model) =>
        $"{string.Join(' ', model.Versions.Select(version => version.Version))}, and {string.Join(' ', model.Candidate?.Versions.Select(version => version.Version) ?? [])} on {string.Join(' ', model.Replicas.Keys)}";
}
