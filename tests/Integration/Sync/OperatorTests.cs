using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Repository.Storage;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Tests.Integration.Sync;

public sealed class OperatorTests(Azurite azurite)
{
    private static readonly ModelName Fashion = ModelName.Parse("fashion");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wish_is_kept_in_the_container_and_followed_at_once()
    {
        var storage = azurite.NewStorage();
        await using var sync = await ServingAsync(storage);

        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(sync, SyncRoutes.UnloadOf(Fashion))).StatusCode);
        Assert.True((await storage.Container.OverridesAsync(Cancelled)).Overrides.Unload(Fashion));
        await sync.StateAsync("a document without it", state => state.Models.Count == 0);

        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(sync, SyncRoutes.LoadOf(Fashion))).StatusCode);
        await sync.StateAsync("it is back", state => state.Models.ContainsKey(Fashion));
        Assert.Empty((await storage.Container.OverridesAsync(Cancelled)).Overrides.Models);
    }

    [Fact]
    public async Task Wishes_of_many_at_once_are_all_kept()
    {
        var storage = azurite.NewStorage();
        await using var sync = await ServingAsync(storage);
        var models = Enumerable.Range(1, 6).Select(i => ModelName.Parse($"m{i}")).ToList();
        foreach (var model in models) await storage.Container.PublishAsync($"{model}/1");

        await Task.WhenAll(models.Select(model => PostAsync(sync, SyncRoutes.UnloadOf(model))));
        var (overrides, _) = await storage.Container.OverridesAsync(Cancelled);
        Assert.All(models, model => Assert.True(overrides.Unload(model)));
    }

    [Fact]
    public async Task Without_the_platform_key_nothing_is_wished()
    {
        var storage = azurite.NewStorage();
        await using var sync = await ServingAsync(storage);
        sync.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "guess");
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(sync, SyncRoutes.UnloadOf(Fashion))).StatusCode);
        Assert.Empty((await storage.Container.OverridesAsync(Cancelled)).Overrides.Models);
    }

    [Theory]
    [InlineData("nope", "There is no model 'nope' in the repository.")]
    [InlineData(".platform", "There is no model '.platform' in the repository.")]
    [InlineData("fash", "There is no model 'fash' in the repository.")]
    public async Task A_model_that_is_not_there_is_404(string model, string error)
    {
        await using var sync = await ServingAsync(azurite.NewStorage());
        using var answer = await PostAsync(sync, $"{SyncRoutes.Models}/{model}/unload");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(error, (await answer.Content.ReadFromJsonAsync<ErrorBody>(Cancelled))!.Error);
    }

    [Fact]
    public async Task A_document_that_cannot_be_read_is_not_overwritten()
    {
        var storage = azurite.NewStorage();
        await using var sync = await ServingAsync(storage);
        await storage.Container.PutAsync(RepositoryLayout.Overrides, "not json");
        using var answer = await PostAsync(sync, SyncRoutes.UnloadOf(Fashion));
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("not json", (await storage.Container.GetBlobClient(RepositoryLayout.Overrides).DownloadContentAsync(Cancelled)).Value.Content.ToString());
    }

    private static async Task<SyncHost> ServingAsync(Storage storage)
    {
        var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        await storage.Container.PublishAsync("fashion/1");
        await sync.StateAsync("the first document", state => state.Models.ContainsKey(Fashion));
        return sync;
    }

    private static Task<HttpResponseMessage> PostAsync(SyncHost sync, string path) => sync.Client.PostAsync(new Uri(path, UriKind.Relative), null, Cancelled);
}
