using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Leading;
using ModelPlatform.Sync.Operating;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Replicas;
using ModelPlatform.Sync.Telemetry;
using ModelPlatform.Sync.Telling;
using ModelPlatform.Sync.Webhooks;
using static ModelPlatform.Tests.Unit.Sync.Planning.Offers;

namespace ModelPlatform.Tests.Unit.Sync.Operating;

/// <summary>Every wish is told once, by whoever has written it, or else by whoever sees it in the document.</summary>
public sealed class WishNewsTests : IDisposable
{
    private static readonly ModelOverride Pinned = new(Pin: new(1));

    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly History _history;
    private readonly WishNews _news;

    public WishNewsTests()
    {
        var (time, feed) = (new FakeTime(), new StateFeed());
        var metrics = new SyncMetrics(_meters.GetRequiredService<IMeterFactory>(), new ReplicaRegistry(Options.Create(new ReplicaOptions()), time), feed, new Leadership());
        _history = new History(Options.Create(new HistoryOptions()), time);
        _news = new WishNews(new Announcements(_history, new WebhookQueues(Options.Create(new WebhookOptions()), metrics), metrics, NullLogger<Announcements>.Instance), feed, time);
        Look(ModelOverride.Nothing);
    }

    private string Told => string.Join(' ', _history.Newest(null, 100).Reverse().Select(entry => $"{entry.Kind}"));

    [Fact]
    public void What_is_written_here_is_told_by_whoever_writes_it_and_what_others_write_by_us()
    {
        _news.Expect(Fashion, Pinned);
        Look(Pinned);
        Assert.Equal("", Told);
        Look(ModelOverride.Nothing);
        Look(Pinned);
        Assert.Equal("Unpinned Pinned", Told);
    }

    [Fact]
    public void What_was_not_written_in_the_end_is_told_where_it_is_in_the_document_all_the_same()
    {
        _news.Withdraw(_news.Expect(Fashion, Pinned));
        Look(Pinned);
        Assert.Equal("Pinned", Told);
    }

    [Fact]
    public void What_was_seen_before_it_is_known_that_it_was_not_written_is_told_then_and_once()
    {
        var own = _news.Expect(Fashion, Pinned);
        Look(Pinned);
        Assert.Equal("", Told);
        _news.Withdraw(own);
        _news.Withdraw(own);
        Assert.Equal("Pinned", Told);
    }

    [Fact]
    public void What_was_taken_back_before_anybody_looked_is_not_taken_for_one_of_others_later()
    {
        _news.Expect(Fashion, Pinned);
        _news.Expect(Fashion, ModelOverride.Nothing);
        Look(ModelOverride.Nothing);
        Look(Pinned);
        Assert.Equal("Pinned", Told);
    }

    [Fact]
    public void A_wish_for_another_model_is_another_wish()
    {
        _news.Expect(Other, Pinned);
        Look(Pinned);
        Assert.Equal("Pinned", Told);
    }

    [Fact]
    public void What_was_wished_before_the_first_look_of_a_term_is_neither_told_nor_waited_for()
    {
        _news.Forget();
        _news.Expect(Fashion, Pinned);
        Look(Pinned);
        Look(ModelOverride.Nothing);
        Look(Pinned);
        Assert.Equal("Unpinned Pinned", Told);
    }

    public void Dispose() => _meters.Dispose();

    private void Look(ModelOverride wish) => _news.Look(ModelOverrides.None.With(Fashion, wish));
}
