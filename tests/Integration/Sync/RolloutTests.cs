using System.Net;
using System.Net.Http.Json;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Integration.Sync;

public sealed class RolloutTests(Azurite azurite)
{
    private static readonly ModelName Fashion = ModelName.Parse("fashion");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_version_goes_to_one_replica_first_and_to_the_others_once_it_is_served_there()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        var served = new TaskCompletionSource();
        await using var first = new ScriptedReplica(sync, "a", (version, ack) => Number(version) == 1 || served.Task.IsCompleted ? ack : ack with { State = AckState.Loading });
        await using var second = new ScriptedReplica(sync, "b");
        await PublishAsync(storage, 1);
        await LiveAsync(sync, 1);
        await Eventually.IsTrueAsync("both serve it", async () => (await sync.ReplicasAsync()).Count(replica => replica.Models.ContainsKey(Fashion)) == 2);

        var identity = await PublishAsync(storage, 2);
        var running = await sync.StateAsync("the rollout", state => state.Models[Fashion].Candidate is not null);
        Assert.Equal(("1", "2", "a"), (Text(running.Models[Fashion].Versions), Text(running.Models[Fashion].Candidate!.Versions), string.Join(' ', running.Models[Fashion].Replicas.Keys)));
        Assert.Equal(["1"], second.Given);

        served.SetResult();
        await sync.AcknowledgeAsync("a", Ack(2, identity, AckState.Serving, running.Generation));
        var live = await LiveAsync(sync, 2);
        Assert.Equal("1", Text(live.Models[Fashion].Fallback));
        await Eventually.IsTrueAsync("the other has it", () => Task.FromResult(second.Given is ["1", "2"]));
    }

    [Fact]
    public async Task A_version_that_the_first_replica_rejects_reaches_no_other_and_stays_out_until_its_blobs_change()
    {
        var storage = azurite.NewStorage();
        await (await RejectedAsync(storage)).DisposeAsync();
        await using var again = new SyncHost(storage);
        await PublishAsync(storage, 1, name: "other");
        var kept = await again.StateAsync("another model", state => state.Models.Count == 2);
        Assert.Equal(("1", "a: Golden sample 0 differs."), (Text(kept.Models[Fashion].Versions), Assert.Single(kept.Models[Fashion].Quarantine).Reason));

        await storage.Container.PutAsync("fashion/2/model.onnx", "graph 2");
        await LiveAsync(again, 2);
    }

    [Fact]
    public async Task A_version_that_is_released_is_tried_once_more_and_the_history_tells_all_of_it()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        var isMended = false;
        await using var only = new ScriptedReplica(sync, "a", (version, ack) =>
            Number(version) == 1 || Volatile.Read(ref isMended) ? ack : ack with { State = AckState.Rejected, Reason = "Golden sample 0 differs." });
        await OnVersion1Async(sync, storage);
        await PublishAsync(storage, 2);
        await sync.StateAsync("the way back", state => state.Models[Fashion].Quarantine.Count == 1);

        Volatile.Write(ref isMended, true);
        await WishAsync(sync, "release", """{"version": "2"}""");
        Assert.Empty((await LiveAsync(sync, 2)).Models[Fashion].Quarantine);

        var told = (await sync.Client.GetFromJsonAsync(SyncRoutes.History, RepositoryJson.Default.IReadOnlyListHistoryEntry, Cancelled))!;
        Assert.Equal(
            "Published Live Published Started RolledBack Quarantined Released Started Live",
            string.Join(' ', told.Reverse().Select(entry => entry.Kind)));
        Assert.Equal("a: Golden sample 0 differs.", told.Single(entry => entry.Kind == HistoryKind.Quarantined).Reason);
    }

    [Fact]
    public async Task A_version_in_quarantine_stays_there_when_its_model_is_unloaded_and_loaded()
    {
        var storage = azurite.NewStorage();
        await using var sync = await RejectedAsync(storage);
        await WishAsync(sync, "unload");
        var unloaded = await sync.StateAsync("the unload", state => state.Models[Fashion].IsIdle);
        Assert.Equal("2", Text([.. unloaded.Models[Fashion].Quarantine.Select(held => held.Version)]));

        await WishAsync(sync, "load");
        Assert.Equal("a: Golden sample 0 differs.", Assert.Single((await LiveAsync(sync, 1)).Models[Fashion].Quarantine).Reason);
    }

    [Fact]
    public async Task A_first_version_that_ended_a_process_is_tried_once_more_when_it_is_released()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        var crashing = new ScriptedReplica(sync, "a", (_, ack) => ack with { State = AckState.Loading });
        await PublishAsync(storage, 1);
        await LiveAsync(sync, 1);
        await IsLoadingAsync(sync, 1);
        await crashing.DisposeAsync();
        var withdrawn = await sync.StateAsync("the withdrawal", state => state.Models[Fashion].Quarantine.Count == 1);
        Assert.Empty(withdrawn.Models[Fashion].Versions);

        await WishAsync(sync, "release", """{"version": "1"}""");
        await LiveAsync(sync, 1);
        await using var mended = new ScriptedReplica(sync, "a");
        await Eventually.IsTrueAsync("it is served", async () => (await sync.ReplicasAsync()).Any(replica => replica.Models.ContainsKey(Fashion)));
        await LiveAsync(sync, 1);
    }

    [Fact]
    public async Task A_process_that_ends_in_the_middle_of_the_load_brings_the_version_into_quarantine()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await using var other = new ScriptedReplica(sync, "b");
        var crashing = new ScriptedReplica(sync, "a", (version, ack) => Number(version) == 1 ? ack : ack with { State = AckState.Loading });
        await OnVersion1Async(sync, storage);
        await PublishAsync(storage, 2);
        await IsLoadingAsync(sync);
        await crashing.DisposeAsync();

        var stopped = await sync.StateAsync("the way back", state => state.Models[Fashion].Quarantine.Count == 1);
        Assert.Equal(("1", "a: Its process ended while it loaded the version."), (Text(stopped.Models[Fashion].Versions), stopped.Models[Fashion].Quarantine[0].Reason));
        Assert.Equal(["1"], other.Given);
    }

    [Fact]
    public async Task A_replica_that_is_told_to_stop_in_the_middle_of_the_load_says_so_and_another_one_is_the_first()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await using var other = new ScriptedReplica(sync, "b");
        var leaving = new ScriptedReplica(sync, "a", (version, ack) => Number(version) == 1 ? ack : ack with { State = AckState.Loading });
        await OnVersion1Async(sync, storage);
        await PublishAsync(storage, 2);
        await IsLoadingAsync(sync);
        using var left = await sync.Client.PostAsync(new Uri(SyncRoutes.LeaveOf("a"), UriKind.Relative), null, Cancelled);
        Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        await leaving.DisposeAsync();

        await LiveAsync(sync, 2);
        Assert.Equal(["1", "2"], other.Given);
    }

    [Theory]
    [InlineData(AckState.Serving)]
    [InlineData(AckState.Rejected)]
    public async Task ModelSync_may_end_after_any_step_and_the_next_one_brings_it_to_its_end(AckState outcome)
    {
        var storage = azurite.NewStorage();
        await using (var sync = new SyncHost(storage))
        {
            await using var a = new ScriptedReplica(sync, "a");
            await OnVersion1Async(sync, storage);
        }
        await storage.Container.PutAsync("fashion/serving.json", """{ "rollout": { "first": 1, "atOnce": 1 } }""");
        await PublishAsync(storage, 2);

        // Each ModelSync takes one step and ends: what it has published is all that the next one knows.
        var generations = new List<long>();
        for (var run = 0; run < 10; run++)
        {
            await using var sync = new SyncHost(storage, settings: ("Rollouts:Settle", "00:00:01"));
            var before = generations.LastOrDefault();
            ScriptedReplica[] replicas = [.. "abc".Select(id => new ScriptedReplica(sync, id.ToString(), Say))];
            var state = await sync.StateAsync($"a step after generation {before}", state => state.Generation > before);
            generations.Add(state.Generation);
            foreach (var replica in replicas) await replica.DisposeAsync();
            if (IsOver(state.Models[Fashion])) break;
        }

        await using var last = new SyncHost(storage);
        var end = (await last.StateAsync("the end", state => IsOver(state.Models[Fashion]))).Models[Fashion];
        Assert.Equal(outcome == AckState.Serving ? ("2", 0) : ("1", 1), (Text(end.Versions), end.Quarantine.Count));

        ReplicaAck Say(DesiredVersion version, ReplicaAck ack) => Number(version) == 1 ? ack : ack with { State = outcome, Reason = "It is bad." };
        bool IsOver(DesiredModel model) => model.Candidate is null && (Text(model.Versions) == "2" || model.Quarantine.Count > 0);
    }

    [Fact]
    public async Task A_version_that_is_there_when_ModelSync_begins_does_not_wait_for_the_next_listing()
    {
        var storage = azurite.NewStorage();
        await using (var before = new SyncHost(storage))
        {
            await using var a = new ScriptedReplica(before, "a");
            await OnVersion1Async(before, storage);
        }
        await PublishAsync(storage, 2);
        await using var sync = new SyncHost(storage, settings: [("Detection:ListEvery", "01:00:00"), ("Rollouts:Settle", "00:00:03")]);
        await using var again = new ScriptedReplica(sync, "a");
        await LiveAsync(sync, 2);
    }

    [Fact]
    public async Task Two_versions_in_one_moment_end_in_the_higher_one()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await using var a = new ScriptedReplica(sync, "a");
        await using var b = new ScriptedReplica(sync, "b");
        await OnVersion1Async(sync, storage);
        await Task.WhenAll(PublishAsync(storage, 2), PublishAsync(storage, 3));
        await LiveAsync(sync, 3);
        await Eventually.IsTrueAsync("both have it", () => Task.FromResult(a.Given[^1] == "3" && b.Given[^1] == "3"));
    }

    private static async Task<SyncHost> RejectedAsync(Storage storage)
    {
        var sync = new SyncHost(storage);
        await using var first = new ScriptedReplica(sync, "a", (version, ack) => Number(version) == 1 ? ack : ack with { State = AckState.Rejected, Reason = "Golden sample 0 differs." });
        await using var second = new ScriptedReplica(sync, "b");
        await OnVersion1Async(sync, storage);
        await PublishAsync(storage, 2);
        var stopped = await sync.StateAsync("the way back", state => state.Models[Fashion].Quarantine.Count == 1);
        Assert.Equal("1", Text(stopped.Models[Fashion].Versions));
        Assert.Null(stopped.Models[Fashion].Candidate);
        await Eventually.IsTrueAsync("the first is back", () => Task.FromResult(first.Given is ["1", "2", "1"]));
        Assert.Equal(["1"], second.Given);
        return sync;
    }

    private static async Task OnVersion1Async(SyncHost sync, Storage storage)
    {
        await PublishAsync(storage, 1);
        await LiveAsync(sync, 1);
        await Eventually.IsTrueAsync("all serve it", async () => await sync.ReplicasAsync() is { Count: > 0 } replicas && replicas.All(replica => replica.Models.ContainsKey(Fashion)));
    }

    private static async Task WishAsync(SyncHost sync, string wish, string body = "")
    {
        using var content = new StringContent(body);
        using var answer = await sync.Client.PostAsync(new Uri(SyncRoutes.WishOf(Fashion, wish), UriKind.Relative), content, Cancelled);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private static Task IsLoadingAsync(SyncHost sync, int version = 2) => Eventually.IsTrueAsync("it is being loaded", async () => (await sync.ReplicasAsync())
        .Any(replica => replica.Models.GetValueOrDefault(Fashion)?.GetValueOrDefault(new ModelVersion(version)) is { State: AckState.Loading }));

    private static Task<DesiredState> LiveAsync(SyncHost sync, int version) => sync.StateAsync($"version {version} live", state =>
        state.Models.GetValueOrDefault(Fashion) is { Candidate: null } model && Text(model.Versions) == $"{version}");

    private static async Task<Identity> PublishAsync(Storage storage, int version, string name = "fashion")
    {
        await storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        return await storage.Container.PublishAsync($"{name}/{version}", $"graph {version}");
    }

    private static ReplicaAck Ack(int version, Identity identity, AckState state, long generation) =>
        new() { Generation = generation, Model = Fashion, Version = new ModelVersion(version), Identity = identity, State = state };

    private static long Number(DesiredVersion version) => version.Version.Number;

    private static string Text(IReadOnlyList<DesiredVersion> versions) => string.Join(' ', versions.Select(version => version.Version));
}
