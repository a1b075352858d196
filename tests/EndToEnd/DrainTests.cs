using System.Diagnostics;
using System.Net;
using System.Text;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd;

/// <summary>The end of a replica, as Kubernetes orders it: SIGTERM, then patience.</summary>
public sealed class DrainTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replica_that_is_told_to_stop_says_so_serves_on_and_finishes_what_it_began()
    {
        await using var platform = await PlainPlatform.StartAsync();
        platform.StartReplica("a", ("Drain__Pause", "00:00:02"));
        await platform.Repository.PublishAsync(new ModelId(ModelName.Parse("m"), new ModelVersion(1)), new Dictionary<string, byte[]> { ["model.onnx"] = OnnxModels.Spin() });
        await platform.AnswersAsync("m", 1, null, "a");
        var address = platform.AddressOf("a");

        // Long enough to be under way when the pause is over, however fast this machine is; the first run is slow by itself.
        (await RunAsync(platform, 1)).Dispose();
        var started = Stopwatch.GetTimestamp();
        (await RunAsync(platform, 300_000)).Dispose();
        var longRun = RunAsync(platform, (long)(300_000 * 4 / Stopwatch.GetElapsedTime(started).TotalSeconds));
        var stopped = platform.StopAsync("a");

        await Eventually.IsTrueAsync("readiness is withdrawn", async () => await StatusAsync(platform, new Uri(address, "/v2/health/ready")) == HttpStatusCode.ServiceUnavailable);
        using (var late = await RunAsync(platform, 1))
        {
            Assert.Equal(HttpStatusCode.OK, late.StatusCode);
            Assert.True(late.Headers.ConnectionClose, "a client is told to open its next connection elsewhere");
        }
        using var answer = await longRun;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, await stopped);
        await Assert.ThrowsAsync<HttpRequestException>(() => StatusAsync(platform, new Uri(address, "/v2/health/live")));
    }

    private static async Task<HttpStatusCode> StatusAsync(PlainPlatform platform, Uri address)
    {
        using var answer = await platform.Client.GetAsync(address, Cancelled);
        return answer.StatusCode;
    }

    private static Task<HttpResponseMessage> RunAsync(PlainPlatform platform, long rounds) => platform.Client.PostAsync(
        new Uri(platform.AddressOf("a"), "/v2/models/m/infer"),
        new StringContent($$"""{"inputs":[{"name":"rounds","shape":[1],"datatype":"INT64","data":[{{rounds}}]}]}""", Encoding.UTF8, "application/json"), Cancelled);
}
