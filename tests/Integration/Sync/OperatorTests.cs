using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Repository.Storage;
using ModelPlatform.ServiceDefaults;
using ModelPlatform.Tests.Integration.Inference;
using static ModelPlatform.Tests.Integration.Sync.Operator;

namespace ModelPlatform.Tests.Integration.Sync;

public sealed class OperatorTests(Azurite azurite)
{
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

    [Theory]
    [InlineData("nope", HttpStatusCode.NotFound)]
    [InlineData("new", HttpStatusCode.NoContent)]       // there, and not published yet
    public async Task A_call_that_looks_for_a_model_is_counted(string model, HttpStatusCode status)
    {
        var storage = azurite.NewStorage();
        await using var sync = await ServingAsync(storage);
        await storage.Container.PutAsync("new/1/model.onnx", "being uploaded");
        using var calls = new MeterSums(sync.Services, "ModelPlatform.Sync");
        using var answer = await PostAsync(sync, $"{SyncRoutes.Models}/{model}/unload");
        Assert.Equal((status, 1), (answer.StatusCode, calls["modelplatform.sync.list.calls purpose=wish"]));
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

    [Theory]
    [InlineData("pin", "", 400, """body: It lacks 'version', as in {"version": "2"}.""")]
    [InlineData("pin", "{}", 400, """body: It lacks 'version', as in {"version": "2"}.""")]
    [InlineData("pin", """{"version": "1", "force": true}""", 400, "body: force: This member is not known.")]
    [InlineData("pin", """{"version": 1}""", 400, "body: version: A string is expected.")]
    [InlineData("pin", """{"version": "0"}""", 400, "body: version: '0' is not a version (a positive integer without leading zeros).")]
    [InlineData("pin", """{"version": "9"}""", 404, "There is no complete version 9 of 'fashion' in the repository.")]
    [InlineData("rollback", """{"version": "9"}""", 404, "There is no complete version 9 of 'fashion' in the repository.")]
    [InlineData("rollback", "{", 400, "body: It is not valid JSON at line 1, byte 2.")]
    [InlineData("pin", "LARGE", 413, "The body is larger than 1024 bytes.")]
    [InlineData("pin", "DEEP", 400, "body: version: A string is expected.")]
    public async Task A_body_that_is_not_understood_changes_nothing(string verb, string body, int status, string error)
    {
        var storage = azurite.NewStorage();
        await using var sync = await ServingAsync(storage);
        if (body == "LARGE") body = """{"version": "1"}""" + new string(' ', 1024);
        if (body == "DEEP") body = $"{{\"version\": {new string('[', 500)}";
        using var answer = await PostAsync(sync, SyncRoutes.WishOf(Fashion, verb), body);
        Assert.Equal((status, error), ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<ErrorBody>(Cancelled))!.Error));
        Assert.Empty((await storage.Container.OverridesAsync(Cancelled)).Overrides.Models);
    }

    [Theory]
    [InlineData("hangs", "Storage does not answer in time.")]
    [InlineData("refuses", "The server is busy. (503 ServerBusy)")]
    [InlineData("cannot be reached", "Connection refused (storage.example.com:443)")]
    [InlineData("does not know us", "The identity is away.")]
    public async Task Where_storage_fails_a_wish_is_503_with_the_reason(string storageThat, string reason)
    {
        var storage = azurite.NewStorage();
        var failing = new Meanwhile(request => Meanwhile.IsRead(request, "overrides.json"), () => throw (storageThat switch
        {
            "hangs" => new TaskCanceledException("The operation was cancelled because it exceeded the configured timeout of 0:00:10."),
            "refuses" => new RequestFailedException(503, "The server is busy.\nRequestId:1", "ServerBusy", null),
            "cannot be reached" => new RequestFailedException("Connection refused (storage.example.com:443)"),
            _ => new AuthenticationFailedException("The identity is away.\nSee elsewhere."),
        }));
        await using var sync = await ServingAsync(storage, services => services.AddSingleton<BlobContainerClient>(failing.In(storage, HttpPipelinePosition.PerRetry)));
        using var answer = await PostAsync(sync, SyncRoutes.WishOf(Fashion, "pin"), """{"version": "1"}""");
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, $"The wish could not be written to the repository: {reason}"),
            (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<ErrorBody>(Cancelled))!.Error));
    }

    [Theory]
    [InlineData("multipart/form-data", "--x\r\n")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"version\"\r\n\r\n1")]     // it ends in the middle
    [InlineData("multipart/form-data; boundary=x", "--x\r\nno header\r\n\r\n1\r\n--x--")]
    public async Task A_form_that_is_none_is_400(string type, string body)
    {
        var storage = azurite.NewStorage();
        await using var sync = await ServingAsync(storage);
        using var form = new StringContent(body);
        form.Headers.Remove("Content-Type");
        Assert.True(form.Headers.TryAddWithoutValidation("Content-Type", type));
        using var answer = await sync.Client.PostAsync(new Uri(SyncRoutes.WishOf(Fashion, "pin"), UriKind.Relative), form, Cancelled);
        Assert.Equal((HttpStatusCode.BadRequest, "The body is not the form that it says to be."), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<ErrorBody>(Cancelled))!.Error));
        Assert.Empty((await storage.Container.OverridesAsync(Cancelled)).Overrides.Models);
    }

    [Theory]
    [InlineData("fails")]
    [InlineData("lands and its answer is lost")]
    [InlineData("lands, is followed, and its answer is lost")]
    [InlineData("comes second, after the same wish")]
    public async Task A_wish_that_reaches_the_document_past_us_is_told_once_whatever_became_of_ours(string ours)
    {
        var storage = azurite.NewStorage();
        SyncHost? sync = null;
        var left = 1;
        var disturbing = new Meanwhile(request => Meanwhile.IsWrite(request, "overrides.json") && Interlocked.Decrement(ref left) == 0, async () =>
        {
            if (ours != "fails") await PinAsync();
            if (ours.StartsWith("lands, is followed", StringComparison.Ordinal)) await ServesAsync(sync!, 1);
            if (!ours.StartsWith("comes second", StringComparison.Ordinal)) throw new RequestFailedException(503, "The server is busy.", "ServerBusy", null);
        });
        await using var host = sync = await ServingAsync(storage, services => services.AddSingleton<BlobContainerClient>(disturbing.In(storage)));
        await storage.Container.PublishAsync("fashion/2", "another graph");
        await ServesAsync(sync, 2);

        using var answer = await PostAsync(sync, SyncRoutes.WishOf(Fashion, "pin"), """{"version": "1"}""");
        Assert.Equal(ours.StartsWith("comes second", StringComparison.Ordinal), answer.IsSuccessStatusCode);
        if (ours == "fails") await PinAsync();
        await ServesAsync(sync, 1);
        var pinned = await Eventually.GetAsync("it is told", async () => (await HistoryAsync()).Where(entry => entry.Kind == HistoryKind.Pinned).ToList() is { Count: > 0 } told ? told : null);
        Assert.Equal("Written to .platform/overrides.json.", Assert.Single(pinned).Reason);

        // And the next one through us is not taken for one of others.
        await WishAsync(sync, "unpin");
        await ServesAsync(sync, 2);
        Assert.Equal([HistoryKind.Unpinned, HistoryKind.Pinned], (await HistoryAsync()).Select(entry => entry.Kind).Where(kind => kind is HistoryKind.Pinned or HistoryKind.Unpinned));

        Task PinAsync() => storage.Container.ChangeOverridesAsync(wishes => wishes.With(Fashion, wish => wish with { Pin = new(1) }), Cancelled);
        async Task<IReadOnlyList<HistoryEntry>> HistoryAsync() => (await sync.Client.GetFromJsonAsync(SyncRoutes.History, RepositoryJson.Default.IReadOnlyListHistoryEntry, Cancelled))!;
    }
}
