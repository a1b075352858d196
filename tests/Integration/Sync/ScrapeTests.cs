using System.Net;

namespace ModelPlatform.Tests.Integration.Sync;

/// <summary>What Prometheus gets of ModelSync.</summary>
public sealed class ScrapeTests(Azurite azurite)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_scrape_needs_no_key_and_has_our_metrics()
    {
        await using var sync = new SyncHost(azurite.NewStorage(), settings: ("Metrics:Prometheus", "true"));
        sync.Client.DefaultRequestHeaders.Authorization = null;
        var scrape = "";
        await Eventually.IsTrueAsync("it has looked at the repository, and a scrape says so", async () =>
        {
            scrape = await sync.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancelled);
            return scrape.Contains("# TYPE modelplatform_sync_list_calls_total counter", StringComparison.Ordinal);
        });
        Assert.Matches("(?m)^modelplatform_sync_replicas\\{.*\\} \\d+", scrape);
    }

    [Fact]
    public async Task Nothing_answers_there_by_default()
    {
        await using var sync = new SyncHost(azurite.NewStorage());
        using var answer = await sync.Client.GetAsync(new Uri("/metrics", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}
