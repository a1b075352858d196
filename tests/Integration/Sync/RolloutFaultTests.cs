using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Integration.Sync;

/// <summary>What may come in between while a rollout runs. Whatever it was, the end is what the repository and its policy say.</summary>
public sealed class RolloutFaultTests(Azurite azurite)
{
    private static readonly ModelName Fashion = ModelName.Parse("fashion");

    private readonly Storage _storage = azurite.NewStorage();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_one_replica_to_twenty_to_three_in_the_middle_of_it()
    {
        await using var sync = new SyncHost(_storage);
        var (isFirstToServe, areOthersToServe) = (new TaskCompletionSource(), new TaskCompletionSource());
        var replicas = new List<ScriptedReplica> { new(sync, "r01", (version, ack) => Served(isFirstToServe, version, ack)) };
        await OnVersion1Async(sync, """{ "rollout": { "first": 1, "atOnce": 2 } }""");
        await PublishAsync(2);
        await CandidateAsync(sync, 2, given: 1);

        replicas.AddRange(Enumerable.Range(2, 19).Select(i => new ScriptedReplica(sync, $"r{i:00}", (version, ack) => Served(areOthersToServe, version, ack))));
        await Eventually.IsTrueAsync("twenty replicas", async () => await ServingAsync(sync, 1) == 20);
        await AgreeAsync(isFirstToServe, sync, replicas[0], 2);
        await CandidateAsync(sync, 2, given: 3);

        // Among them those that are loading it: they are told to stop, and say so.
        foreach (var leaving in replicas.Skip(1).Take(17)) await LeaveAsync(sync, leaving);
        foreach (var left in replicas.Skip(18)) await AgreeAsync(areOthersToServe, sync, left, 2);
        var live = await LiveAsync(sync, 2);
        Assert.Empty(live.Models[Fashion].Quarantine);
        await Eventually.IsTrueAsync("three serve it and no other is there", async () => await ServingAsync(sync, 2) == 3 && (await sync.ReplicasAsync()).Count == 3);
        Assert.All(replicas.Where((_, i) => i is 0 or > 17), replica => Assert.Equal("2", replica.Given[^1]));
        foreach (var replica in replicas.Where((_, i) => i is 0 or > 17)) await replica.DisposeAsync();
    }

    [Fact]
    public async Task The_container_is_deleted_and_made_anew()
    {
        // The lease goes with it: replicas have the time to come to the next term.
        await using var sync = new SyncHost(_storage, settings: ("Rollouts:Settle", "00:00:03"));
        var isToServe = new TaskCompletionSource();
        await using var a = new ScriptedReplica(sync, "a", (version, ack) => Served(isToServe, version, ack));
        await using var b = new ScriptedReplica(sync, "b");
        await OnVersion1Async(sync);
        await PublishAsync(2);
        var running = await CandidateAsync(sync, 2, given: 1);

        await _storage.Container.DeleteAsync(cancellationToken: Cancelled);
        await Eventually.IsTrueAsync("the container is made anew", async () => await _storage.Container.ExistsAsync(Cancelled));
        await _storage.Container.PutAsync("stray.txt", "");
        await Eventually.IsTrueAsync("a listing without versions", () => Task.FromResult(sync.Logs.Warnings.Any(warning => warning.Contains("stray.txt", StringComparison.Ordinal))));
        Assert.Equal(running.ToJson(), (await sync.StateAsync())!.ToJson());

        await PublishAsync(1);
        await PublishAsync(2);
        await AgreeAsync(isToServe, sync, a, 2);
        await LiveAsync(sync, 2);
        await Eventually.IsTrueAsync("both have it", () => Task.FromResult(a.Given[^1] == "2" && b.Given[^1] == "2"));
        Assert.DoesNotContain(ScriptedReplica.Nothing, a.Given.Concat(b.Given));
    }

    [Theory]
    [InlineData(AckState.Loading)]
    [InlineData(AckState.Serving)]
    public async Task The_version_is_deleted(AckState reached)
    {
        await using var sync = new SyncHost(_storage);
        await using var a = new ScriptedReplica(sync, "a", (version, ack) => version.Version.Number == 2 ? ack with { State = reached } : ack);
        await using var b = new ScriptedReplica(sync, "b");
        await OnVersion1Async(sync, """{ "rollout": { "bake": "01:00:00" } }""");
        await PublishAsync(2);
        await CandidateAsync(sync, 2, given: 1);
        await Eventually.IsTrueAsync("the first replica says so", async () => (await SaidAsync(sync, a, 2))?.State == reached);

        foreach (var blob in new[] { "model.json", "model.onnx" }) await _storage.Container.DeleteBlobAsync($"fashion/2/{blob}", cancellationToken: Cancelled);
        var back = await LiveAsync(sync, 1);
        Assert.Empty(back.Models[Fashion].Quarantine);
        await Eventually.IsTrueAsync("the first is back", () => Task.FromResult(a.Given is ["1", "2", "1"]));
        Assert.Equal(["1"], b.Given);
    }

    [Fact]
    public async Task Its_file_is_written_over_after_the_commit_and_put_right()
    {
        await using var sync = new SyncHost(_storage);
        var isToServe = new TaskCompletionSource();
        await using var a = new ScriptedReplica(sync, "a", (version, ack) => IsAsCommitted(version) ? Served(isToServe, version, ack) : ack with { State = AckState.Rejected, Reason = "Its digest is another one." });
        await using var b = new ScriptedReplica(sync, "b");
        await OnVersion1Async(sync);
        await PublishAsync(2);
        await CandidateAsync(sync, 2, given: 1);

        await _storage.Container.PutAsync("fashion/2/model.onnx", "changed");
        var held = await sync.StateAsync("quarantine", state => state.Models[Fashion].Quarantine.Count == 1);
        Assert.Equal("a: Its digest is another one.", held.Models[Fashion].Quarantine[0].Reason);
        Assert.Equal(["1"], b.Given);

        isToServe.SetResult();
        await _storage.Container.PutAsync("fashion/2/model.onnx", "graph 2");
        await LiveAsync(sync, 2);
    }

    [Fact]
    public async Task Acks_come_twice_late_and_in_disorder()
    {
        await using var sync = new SyncHost(_storage);
        await using var a = new ScriptedReplica(sync, "a");
        await using var b = new ScriptedReplica(sync, "b");
        await OnVersion1Async(sync, """{ "rollout": { "bake": "00:00:01" } }""");
        var before = (await sync.StateAsync())!;
        await PublishAsync(2);
        var running = await CandidateAsync(sync, 2, given: 1);
        await Eventually.IsTrueAsync("the first serves it", async () => (await SaidAsync(sync, a, 2))?.State == AckState.Serving);

        var said = new ReplicaAck
        {
            Generation = running.Generation,
            Model = Fashion,
            Version = new ModelVersion(2),
            Identity = running.Models[Fashion].Candidate!.Versions[0].Identity,
            State = AckState.Serving,
        };
        foreach (var ack in new[]
        {
            said, said,
            said with { State = AckState.Loading },
            said with { State = AckState.Rejected, Reason = "of an earlier try", Generation = before.Generation },
            said with { State = AckState.Unloaded, Generation = before.Generation },
        })
            (await sync.AcknowledgeAsync("a", ack)).EnsureSuccessStatusCode();

        var live = await LiveAsync(sync, 2);
        Assert.Empty(live.Models[Fashion].Quarantine);
        Assert.Equal(running.Generation + 2, live.Generation);      // the other replica, and all
    }

    /// <summary>As a replica looks at it.</summary>
    private bool IsAsCommitted(DesiredVersion version) =>
        Sha256Digest.Of(_storage.Container.GetBlobClient($"{version.Path}model.onnx").DownloadContent(Cancelled).Value.Content) == version.Files[FilePath.Parse("model.onnx")].Sha256;

    private static ReplicaAck Served(TaskCompletionSource isToServe, DesiredVersion version, ReplicaAck ack) =>
        version.Version.Number == 1 || isToServe.Task.IsCompleted ? ack : ack with { State = AckState.Loading };

    /// <summary>From now on whatever it is given, and now what it has.</summary>
    private static async Task AgreeAsync(TaskCompletionSource isToServe, SyncHost sync, ScriptedReplica replica, int version)
    {
        isToServe.TrySetResult();
        if (await SaidAsync(sync, replica, version) is not { } said) return;
        using var answer = await sync.AcknowledgeAsync(replica.Id.ToString(), new ReplicaAck { Generation = said.Generation, Model = Fashion, Version = new ModelVersion(version), Identity = said.Identity, State = AckState.Serving });
        answer.EnsureSuccessStatusCode();
    }

    private static async Task LeaveAsync(SyncHost sync, ScriptedReplica replica)
    {
        using var left = await sync.Client.PostAsync(new Uri(SyncRoutes.LeaveOf(replica.Id.ToString()), UriKind.Relative), null, Cancelled);
        left.EnsureSuccessStatusCode();
        await replica.DisposeAsync();
    }

    private async Task OnVersion1Async(SyncHost sync, string policy = "{}")
    {
        await _storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await _storage.Container.PutAsync("fashion/serving.json", policy);
        await PublishAsync(1);
        await LiveAsync(sync, 1);
        await Eventually.IsTrueAsync("all serve it", async () => await sync.ReplicasAsync() is { Count: > 0 } replicas && replicas.All(replica => replica.Models.ContainsKey(Fashion)));
    }

    private static async Task<VersionStatus?> SaidAsync(SyncHost sync, ScriptedReplica replica, int version) =>
        (await sync.ReplicasAsync()).FirstOrDefault(one => one.Id == replica.Id.ToString())?.Models.GetValueOrDefault(Fashion)?.GetValueOrDefault(new ModelVersion(version));

    private static async Task<int> ServingAsync(SyncHost sync, int version) =>
        (await sync.ReplicasAsync()).Count(replica => replica.Connected && replica.Models.GetValueOrDefault(Fashion)?.GetValueOrDefault(new ModelVersion(version))?.State == AckState.Serving);

    private static Task<DesiredState> CandidateAsync(SyncHost sync, int version, int given) => sync.StateAsync($"version {version} given to {given}", state =>
        state.Models[Fashion] is { Candidate: { } candidate } model && candidate.Versions[0].Version.Number == version && model.Replicas.Count == given);

    private static Task<DesiredState> LiveAsync(SyncHost sync, int version) => sync.StateAsync($"version {version} live", state =>
        state.Models.GetValueOrDefault(Fashion) is { Candidate: null } model && model.Versions.Single().Version.Number == version);

    private Task<Identity> PublishAsync(int version) => _storage.Container.PublishAsync($"fashion/{version}", $"graph {version}");
}
