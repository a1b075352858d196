using System.Net;
using System.Net.Http.Json;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>The limit on each client's rate: off unless it is set.</summary>
public sealed class RateLimitTests(Azurite azurite) : OneReplica(azurite)
{
    [Fact]
    public async Task A_client_over_its_rate_is_told_when_to_come_again_and_may_still_ask_for_health()
    {
        using var client = await StartAsync(("RateLimit:PerSecond", "1"), ("RateLimit:Burst", "3"));
        for (var i = 0; i < 3; i++) await InferAsync(client, i);

        using var refused = await InferOnceAsync(client);
        await InferenceApp.IsErrorAsync(HttpStatusCode.TooManyRequests, refused);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        using var score = await client.PostAsJsonAsync("/score", new { input = "[]" }, Cancelled);
        await InferenceApp.IsErrorAsync(HttpStatusCode.TooManyRequests, score);
        foreach (var path in new[] { "/", "/v2/health/ready", "/v2/models/m", "/v2/models/m/stats" })
        {
            using var other = await client.GetAsync(path, Cancelled);
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        }
        await Eventually.IsTrueAsync("the client may send again", async () =>
        {
            using var again = await InferOnceAsync(client);
            return again.StatusCode == HttpStatusCode.OK;
        });
    }

    [Fact]
    public async Task Nobody_is_limited_unless_it_is_asked_for()
    {
        using var client = await StartAsync(("RateLimit:Burst", "1"));
        for (var i = 0; i < 50; i++) await InferAsync(client, i);
    }

    [Fact]
    public async Task A_rate_out_of_range_stops_the_start()
    {
        await using var app = new InferenceApp(Storage.ConnectionString, ("RateLimit:PerSecond", "-1"));
        Assert.Contains("PerSecond", Assert.ThrowsAny<Exception>(app.CreateClient).Message, StringComparison.Ordinal);
    }

    private async Task<HttpClient> StartAsync(params (string, string)[] settings)
    {
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(await PublishTimesAsync(2))));
        var client = Start(settings).StartOnSocket();
        await ReadyAsync(client);
        return client;
    }

    private static Task<HttpResponseMessage> InferOnceAsync(HttpClient client) => client.PostAsJsonAsync(
        "/v2/models/m/infer", new { inputs = new[] { new { name = "x", shape = new[] { 1, 2 }, datatype = "FP32", data = new[] { 1, 2 } } } }, Cancelled);
}
