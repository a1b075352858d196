using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using ModelPlatform.Inference.Reloading;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Integration.Sync;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>Load and unload of the protocol's repository extension, with a real ModelSync on the same container.</summary>
public sealed class RepositoryControlTests(Azurite azurite) : OneReplica(azurite)
{
    [Fact]
    public async Task Unload_takes_a_model_out_of_service_and_load_brings_it_back()
    {
        await PublishTimesAsync(3);
        await using var sync = new SyncHost(Storage);
        using var client = Operator(sync);
        await AnswersAsync(client, "3");

        Assert.Equal("""{"name":"m","unload":true}""", await SucceedsAsync(client, "m/unload", """{"parameters":{"unload_dependents":true}}"""));
        using (var answer = await client.GetAsync("/v2/models/m", Cancelled)) await InferenceApp.IsErrorAsync(HttpStatusCode.NotFound, answer);
        Assert.Equal("""{"name":"m","unload":true}""", await SucceedsAsync(client, "m/unload"));

        Assert.Equal("""{"name":"m","load":true}""", await SucceedsAsync(client, "m/load"));
        Assert.Equal(("3", 3f), await InferAsync(client, 1));
        Assert.Equal("""{"name":"m","load":true}""", await SucceedsAsync(client, "m/load", "{}"));
    }

    [Fact]
    public async Task A_load_that_ends_in_a_rejection_says_why()
    {
        await Repository.PublishAsync(Id(1), Files(OnnxModels.Times(float.NaN)));
        await using var sync = new SyncHost(Storage);
        using var client = Operator(sync);
        using var answer = await PostAsync(client, "m/load", "");
        await InferenceApp.IsErrorAsync(HttpStatusCode.BadRequest, answer);
        Assert.Contains("NaN", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_load_of_what_was_published_twice_and_is_wrong_says_why_too()
    {
        var wrong = Files(OnnxModels.Times(float.NaN));
        var (first, second) = (await Repository.PublishAsync(Id(1), wrong), await Repository.PublishAsync(Id(2), wrong));
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(first)));
        await using var deaf = await DeafAsync();
        var app = Start(("Platform:Key", SyncHost.Key), ("services:model-sync:http:0", deaf.Urls.Single()));
        using var client = app.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", SyncHost.Key);
        await RejectedAsync(1, 1);
        await Repository.WantAsync(2, ("m", RepositoryContainer.Model(second, first)));
        await RejectedAsync(2, 2);

        using var answer = await PostAsync(client, "m/load", "");

        await InferenceApp.IsErrorAsync(HttpStatusCode.BadRequest, answer);
        Assert.Contains("NaN", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);

        await Repository.WantAsync(3, ("m", new DesiredModel { Versions = [], Fallback = [second] }));
        await Eventually.IsTrueAsync("the third document has come", () => Task.FromResult(app.Services.GetRequiredService<DesiredStateFeed>().Current?.Generation == 3));
        using var without = await PostAsync(client, "m/load", "");
        await InferenceApp.IsErrorAsync(HttpStatusCode.BadRequest, without);

        Task RejectedAsync(int version, long generation) => Eventually.IsTrueAsync(
            $"version {version} is rejected", () => Task.FromResult(app.Services.GetRequiredService<AckOutbox>().Said().Any(ack => ack.State == AckState.Rejected && ack.Version.Number == version && ack.Generation == generation)));
    }

    [Theory]
    [InlineData("""{"parameters":{"config":"{}"}}""")]
    [InlineData("""{"parameters":{"file:1/model.onnx":"AAAA"}}""")]
    [InlineData("""{"parameters":[]}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task A_model_of_the_callers_own_is_not_taken(string body)
    {
        await PublishTimesAsync(1);
        await using var sync = new SyncHost(Storage);
        using var client = Operator(sync);
        foreach (var wish in new[] { "load", "unload" })
        {
            using var answer = await PostAsync(client, $"m/{wish}", body);
            await InferenceApp.IsErrorAsync(HttpStatusCode.BadRequest, answer);
        }
        await AnswersAsync(client, "1");
    }

    [Theory]
    [InlineData("nope")]
    [InlineData("%2e%2e")]
    [InlineData("a%2Fb")]
    public async Task An_unknown_model_is_404(string model)
    {
        await PublishTimesAsync(1);
        await using var sync = new SyncHost(Storage);
        using var client = Operator(sync);
        using var answer = await PostAsync(client, $"{model}/unload", "");
        await InferenceApp.IsErrorAsync(HttpStatusCode.NotFound, answer);
    }

    [Fact]
    public async Task Without_the_platform_key_nobody_unloads_anything()
    {
        await PublishTimesAsync(1);
        await using var sync = new SyncHost(Storage);
        using var client = Operator(sync);
        await AnswersAsync(client, "1");
        foreach (var key in new[] { null, new AuthenticationHeaderValue("Bearer", "guess"), new AuthenticationHeaderValue("Basic", SyncHost.Key) })
        {
            client.DefaultRequestHeaders.Authorization = key;
            using var answer = await PostAsync(client, "m/unload", "");
            await InferenceApp.IsErrorAsync(HttpStatusCode.Unauthorized, answer);
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
        }
        await AnswersAsync(client, "1");
    }

    [Fact]
    public async Task Where_it_is_switched_off_it_is_503_with_the_reason()
    {
        await PublishTimesAsync(1);
        await using var sync = new SyncHost(Storage);
        using var client = Operator(sync, ("RepositoryControl:Allowed", "false"));
        using var answer = await PostAsync(client, "m/unload", "");
        await InferenceApp.IsErrorAsync(HttpStatusCode.ServiceUnavailable, answer);
        Assert.Null(answer.Headers.RetryAfter);
        await AnswersAsync(client, "1");
    }

    [Fact]
    public async Task Without_ModelSync_it_is_503_for_now_and_everything_stays()
    {
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(await PublishTimesAsync(1))));
        using var client = Start(("Platform:Key", SyncHost.Key)).CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", SyncHost.Key);
        await AnswersAsync(client, "1");
        using var answer = await PostAsync(client, "m/unload", "");
        await InferenceApp.IsErrorAsync(HttpStatusCode.ServiceUnavailable, answer);
        Assert.NotNull(answer.Headers.RetryAfter);
        await AnswersAsync(client, "1");
    }

    [Fact]
    public async Task A_wish_that_nothing_follows_in_time_is_504()
    {
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(await PublishTimesAsync(1))));
        await using var deaf = await DeafAsync();
        using var client = Start(("Platform:Key", SyncHost.Key), ("services:model-sync:http:0", deaf.Urls.Single()), ("RepositoryControl:Patience", "00:00:01")).CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", SyncHost.Key);
        await AnswersAsync(client, "1");
        using var answer = await PostAsync(client, "m/unload", "");
        await InferenceApp.IsErrorAsync(HttpStatusCode.GatewayTimeout, answer);
    }

    /// <summary>Takes every wish, and does nothing.</summary>
    private static async Task<WebApplication> DeafAsync()
    {
        var deaf = WebApplication.CreateSlimBuilder(FakeReplica.Elsewhere).Build();
        deaf.Urls.Add("http://127.0.0.1:0");
        deaf.Run(context => { context.Response.StatusCode = 204; return Task.CompletedTask; });
        await deaf.StartAsync(Cancelled);
        return deaf;
    }

    private HttpClient Operator(SyncHost sync, params (string, string)[] settings)
    {
        var client = Start([("Platform:Key", SyncHost.Key), ("services:model-sync:http:0", sync.Client.BaseAddress!.ToString().TrimEnd('/')), .. settings]).CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", SyncHost.Key);
        return client;
    }

    private static async Task<string> SucceedsAsync(HttpClient client, string path, string body = "")
    {
        using var answer = await PostAsync(client, path, body);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return text;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string body) =>
        client.PostAsync($"/v2/repository/models/{path}", new StringContent(body, Encoding.UTF8, "application/json"), Cancelled);
}
