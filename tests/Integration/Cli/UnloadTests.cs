using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Integration.Sync;

namespace ModelPlatform.Tests.Integration.Cli;

public sealed class UnloadTests(Azurite azurite)
{
    private static readonly ModelName Fashion = ModelName.Parse("fashion");

    private readonly Storage _storage = azurite.NewStorage();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_last_model_is_unloaded_waited_for_and_loaded_again()
    {
        await using var sync = new SyncHost(_storage);
        await sync.IsHealthyAsync();
        var identity = await _storage.Container.PublishAsync("fashion/1");
        await sync.StateAsync("the model", state => state.Models.ContainsKey(Fashion));
        await AcknowledgeAsync(sync, identity, AckState.Serving);

        var url = sync.Client.BaseAddress!.ToString();
        var unloading = ModelCtl.RunAsync(_storage, "unload", "fashion", "--wait", "--sync", url);
        await sync.StateAsync("an empty document", state => state.Models.Count == 0);
        Assert.False(unloading.IsCompleted);   // the replica has it still
        await AcknowledgeAsync(sync, identity, AckState.Unloaded);
        var ran = (await unloading).Expect(0);
        Assert.Contains("fashion will be unloaded from every replica", ran.Output, StringComparison.Ordinal);
        Assert.Contains("No replica serves fashion", ran.Output, StringComparison.Ordinal);

        Assert.Contains("already", (await ModelCtl.RunAsync(_storage, "unload", "fashion")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("fashion is unloaded", (await ModelCtl.RunAsync(_storage, "list")).Expect(0).Error, StringComparison.Ordinal);

        (await ModelCtl.RunAsync(_storage, "load", "fashion")).Expect(0);
        await sync.StateAsync("the model again", state => state.Models.ContainsKey(Fashion));
        Assert.Contains("nothing to undo", (await ModelCtl.RunAsync(_storage, "load", "fashion")).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_with_a_version_in_quarantine_is_unloaded_and_deleted_like_any_other()
    {
        await using var sync = new SyncHost(_storage);
        await sync.IsHealthyAsync();
        await _storage.Container.PublishAsync("fashion/1");
        await using (new ScriptedReplica(sync, "a", (version, ack) => version.Version.Number == 1 ? ack : ack with { State = AckState.Rejected, Reason = "It is bad." }))
        {
            await sync.StateAsync("the model", state => state.Models.ContainsKey(Fashion));
            await _storage.Container.PublishAsync("fashion/2", "graph 2");
            await sync.StateAsync("the quarantine", state => state.Models[Fashion].Quarantine.Count == 1);
        }
        await Eventually.IsTrueAsync("the replica is gone", async () => (await sync.ReplicasAsync()).Count == 0);

        var ran = (await ModelCtl.RunAsync(_storage, "unload", "fashion", "--wait", "--sync", sync.Client.BaseAddress!.ToString())).Expect(0);
        Assert.Contains("No replica serves fashion", ran.Output, StringComparison.Ordinal);
        Assert.Contains("forgot what was wished of fashion", (await ModelCtl.RunAsync(_storage, "delete", "fashion", "--yes")).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_written_past_ModelSync_is_in_its_history_and_what_went_through_it_once()
    {
        await using var sync = new SyncHost(_storage);
        await sync.IsHealthyAsync();
        await _storage.Container.PublishAsync("fashion/1");
        await sync.StateAsync("the model", state => state.Models.ContainsKey(Fashion));
        using (var paused = await sync.Client.PostAsync(new Uri(SyncRoutes.WishOf(Fashion, "pause"), UriKind.Relative), null, Cancelled)) paused.EnsureSuccessStatusCode();

        (await ModelCtl.RunAsync(_storage, "unload", "fashion")).Expect(0);
        await sync.StateAsync("an empty document", state => state.Models.Count == 0);
        (await ModelCtl.RunAsync(_storage, "load", "fashion")).Expect(0);
        await sync.StateAsync("the model again", state => state.Models.ContainsKey(Fashion));
        var told = (await ModelCtl.RunAsync(_storage, "history", "fashion", "--sync", sync.Client.BaseAddress!.ToString())).Expect(0).Output;
        Assert.Equal(
            ["live", "published", "loaded", "unloaded", "paused", "live", "published"],
            told.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[1]));
        Assert.Contains("Written to .platform/overrides.json.", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publishing_to_an_unloaded_model_says_so_on_the_error_stream()
    {
        await _storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await _storage.Container.PublishAsync("fashion/1");
        (await ModelCtl.RunAsync(_storage, "unload", "fashion")).Expect(0);

        var ran = (await ModelCtl.RunAsync(_storage, "publish", RepositoryRoot.Combine("samples", "fashion", "1"), "--model", "fashion")).Expect(0);
        Assert.StartsWith("published fashion/2 ", ran.Output, StringComparison.Ordinal);
        Assert.Contains("""fashion is unloaded: nobody serves it until "modelctl load fashion".""", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unload")]
    [InlineData("load")]
    public async Task An_unknown_model_is_a_failure_that_names_those_there_are(string command)
    {
        await _storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await _storage.Container.PublishAsync("fashion/1");
        await _storage.Container.PutAsync("squeezenet.onnx", "graph");
        var ran = (await ModelCtl.RunAsync(_storage, command, "fashon")).Expect(1);
        Assert.Contains("There is no model 'fashon'. There are: fashion, squeezenet.", ran.Error, StringComparison.Ordinal);
        Assert.False(await _storage.Container.GetBlobClient(RepositoryLayout.Overrides).ExistsAsync(Cancelled));
        (await ModelCtl.RunAsync(_storage, command, "../fashion")).Expect(2);
    }

    [Fact]
    public async Task Wishes_of_several_operators_at_once_are_all_kept()
    {
        await _storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        string[] models = ["a", "b", "c", "d"];
        foreach (var model in models) await _storage.Container.PutAsync($"{model}.onnx", "graph");
        foreach (var ran in await Task.WhenAll(models.Select(model => ModelCtl.RunAsync(_storage, "unload", model)))) ran.Expect(0);
        Assert.Equal(models, (await WishesAsync()).Models.Keys.Select(model => model.ToString()).Order());
    }

    [Fact]
    public async Task Wishes_that_are_not_understood_are_not_overwritten()
    {
        await _storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await _storage.Container.PublishAsync("fashion/1");
        const string newer = """{ "schema": 1, "models": { "other": { "canary": "3" } } }""";
        await _storage.Container.PutAsync(RepositoryLayout.Overrides, newer);
        Assert.Contains("overrides.json: models.other.canary: This member is not known.", (await ModelCtl.RunAsync(_storage, "unload", "fashion")).Expect(1).Error, StringComparison.Ordinal);
        Assert.Equal(newer, (await _storage.Container.GetBlobClient(RepositoryLayout.Overrides).DownloadContentAsync(Cancelled)).Value.Content.ToString());
    }

    private async Task<ModelOverrides> WishesAsync() =>
        ModelOverrides.Parse((await _storage.Container.GetBlobClient(RepositoryLayout.Overrides).DownloadContentAsync(Cancelled)).Value.Content);

    private static async Task AcknowledgeAsync(SyncHost sync, Identity identity, AckState state) =>
        (await sync.AcknowledgeAsync("a", new ReplicaAck { Generation = 1, Model = Fashion, Version = new(1), Identity = identity, State = state })).EnsureSuccessStatusCode();
}
