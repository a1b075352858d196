using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ModelPlatform.Tests.Integration.Sync;

public sealed class HealthTests(Azurite azurite)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_report_has_an_entry_for_storage_and_one_for_each_replica()
    {
        await using var sync = new SyncHost(azurite.NewStorage());
        await sync.IsHealthyAsync();
        await using var good = await FakeReplica.StartAsync();
        await using var bad = await FakeReplica.StartAsync();
        bad.Answer = context =>
        {
            context.Response.StatusCode = 503;
            return context.Response.WriteAsJsonAsync(new { ready = false, reason = "Model 'fashion' is not loaded yet." }, Cancelled);
        };
        await using var goodWatch = sync.WatchAsync("good", address: good.Address).GetAsyncEnumerator(Cancelled);
        await goodWatch.MoveNextAsync();
        await using (var badWatch = sync.WatchAsync("bad", address: bad.Address).GetAsyncEnumerator(Cancelled))
        {
            await badWatch.MoveNextAsync();
            var report = await sync.ReportAsync("the bad replica's reason", report => Text(report, "replica bad", "status") == "Unhealthy" && Text(report, "replica good", "status") == "Healthy");

            Assert.Equal("Model 'fashion' is not loaded yet.", Text(report, "replica bad", "description"));
            Assert.Equal((good.Address, true), ((string?)Entry(report, "replica good")!["data"]!["address"], (bool)Entry(report, "replica good")!["data"]!["connected"]!));
            Assert.Equal("Healthy", Text(report, "storage", "status"));
            Assert.Equal("Degraded", (string?)report["status"]);
            using var answer = await sync.Client.GetAsync(new Uri("/health", UriKind.Relative), Cancelled);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        await sync.ReportAsync("the bad replica's entry gone", report => Entry(report, "replica bad") is null && (string?)report["status"] == "Healthy");
    }

    [Fact]
    public async Task A_replica_that_hangs_holds_up_nobody_and_is_shown()
    {
        await using var sync = new SyncHost(azurite.NewStorage());
        await using var hung = await FakeReplica.StartAsync();
        var hanging = new TaskCompletionSource();
        hung.Answer = context => hanging.Task.WaitAsync(context.RequestAborted);
        await using var watch = sync.WatchAsync("hung", address: hung.Address).GetAsyncEnumerator(Cancelled);
        await watch.MoveNextAsync();

        await sync.ReportAsync("the hung replica", report => Text(report, "replica hung", "description") == "No answer within 2 s.");

        hung.Answer = context => Task.CompletedTask;
        await sync.ReportAsync("well again", report => Text(report, "replica hung", "status") == "Healthy");
    }

    [Fact]
    public async Task Whether_ModelSync_lives_does_not_depend_on_replicas()
    {
        await using var sync = new SyncHost(azurite.NewStorage());
        await using var watch = sync.WatchAsync("a", address: "http://127.0.0.1:1").GetAsyncEnumerator(Cancelled);
        await watch.MoveNextAsync();
        await sync.ReportAsync("the dead replica", report => Text(report, "replica a", "status") == "Unhealthy");
        using var alive = await sync.Client.GetAsync(new Uri("/alive", UriKind.Relative), Cancelled);
        Assert.Equal("Healthy", await alive.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task The_page_and_what_it_asks_for_are_open_to_all()
    {
        await using var sync = new SyncHost(azurite.NewStorage());
        sync.Client.DefaultRequestHeaders.Authorization = null;
        using var page = await sync.Client.GetAsync(new Uri("/healthchecks-ui", UriKind.Relative), Cancelled);
        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
        Assert.Equal(5, (int)(await sync.ReportAsync("/healthchecks-api/ui-settings"))["pollingInterval"]!);
    }

    private static JsonNode? Entry(JsonNode report, string name) => report["entries"]![name];

    private static string? Text(JsonNode report, string name, string member) => (string?)Entry(report, name)?[member];
}
