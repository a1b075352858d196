using System.Net.Http.Json;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Integration.Sync;

public sealed class OverridesTests(Azurite azurite)
{
    private static readonly ModelName Fashion = ModelName.Parse("fashion");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wish_takes_the_last_model_out_of_the_document_and_its_end_brings_it_back()
    {
        var storage = azurite.NewStorage();
        DesiredState empty;
        await using (var before = new SyncHost(storage))
        {
            await before.IsHealthyAsync();
            await storage.Container.PublishAsync("fashion/1");
            await before.StateAsync("the first document", state => state.Models.ContainsKey(Fashion));

            await WishAsync(storage, """{ "schema": 1, "models": { "fashion": { "unload": true } } }""");
            empty = await before.StateAsync("a document without it", state => state.Models.Count == 0);
        }
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        Assert.Equal(empty.ToJson(), (await sync.StateAsync())!.ToJson());

        await storage.Container.DeleteBlobAsync(RepositoryLayout.DesiredState, cancellationToken: Cancelled);
        await Eventually.IsTrueAsync("the lost document again", async () => await storage.Container.GetBlobClient(RepositoryLayout.DesiredState).ExistsAsync(Cancelled));
        Assert.Empty((await sync.StateAsync())!.Models);

        await WishAsync(storage, """{ "schema": 1, "models": {} }""");
        await sync.StateAsync("it is back", state => state.Models.ContainsKey(Fashion));
        Assert.Empty(sync.Logs.Warnings);
    }

    [Theory]
    [InlineData("not json", "overrides.json: It is not valid JSON")]
    [InlineData("""{ "models": { "fashion": { "unlaod": true } } }""", "overrides.json: models.fashion.unlaod: This member is not known.")]
    public async Task A_document_that_cannot_be_read_holds_everything_as_it_is_and_is_reported(string overrides, string reason)
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        await storage.Container.PublishAsync("fashion/1");
        var before = await sync.StateAsync("the first document", state => state.Models.ContainsKey(Fashion));

        await WishAsync(storage, overrides);
        var problem = await Eventually.GetAsync("a problem", async () => (await ProblemsAsync(sync)).SingleOrDefault());
        Assert.Equal(RepositoryLayout.Overrides, problem.Blob);
        Assert.StartsWith(reason, problem.Reason, StringComparison.Ordinal);
        await storage.Container.PublishAsync("other/1");
        await storage.Container.PutAsync("seen.txt", "a mark for a pass that has seen the model above");
        await Eventually.IsTrueAsync("a pass after that", async () => (await ProblemsAsync(sync)).Any(each => each.Blob == "seen.txt"));
        Assert.Equal(before.ToJson(), (await sync.StateAsync())!.ToJson());

        await storage.Container.DeleteBlobAsync(RepositoryLayout.Overrides, cancellationToken: Cancelled);
        await sync.StateAsync("both models", state => state.Models.Count == 2);
        Assert.DoesNotContain(await ProblemsAsync(sync), each => each.Blob == RepositoryLayout.Overrides);
    }

    private static Task WishAsync(Storage storage, string overrides) => storage.Container.PutAsync(RepositoryLayout.Overrides, overrides);

    private static async Task<IReadOnlyList<RepositoryProblem>> ProblemsAsync(SyncHost sync) =>
        (await sync.Client.GetFromJsonAsync(SyncRoutes.Problems, RepositoryJson.Default.IReadOnlyListRepositoryProblem, Cancelled))!;
}
