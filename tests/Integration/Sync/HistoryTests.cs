using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Leading;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Replicas;
using ModelPlatform.Sync.Telemetry;
using ModelPlatform.Sync.Telling;
using ModelPlatform.Tests.Integration.Inference;

namespace ModelPlatform.Tests.Integration.Sync;

public sealed class HistoryTests(Azurite azurite)
{
    private static readonly ModelName Fashion = ModelName.Parse("fashion");

    private static readonly ServiceProvider Meters = new ServiceCollection().AddMetrics().BuildServiceProvider();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_announced_is_told_at_once_and_after_a_restart()
    {
        var storage = azurite.NewStorage();
        await using (var sync = new SyncHost(storage))
        {
            await sync.IsHealthyAsync();
            Assert.Empty(await HistoryAsync(sync));
            foreach (var generation in Enumerable.Range(1, 5)) Announce(sync, generation);
            Assert.Equal([5, 4, 3, 2, 1], await HistoryAsync(sync));
            Assert.Empty(sync.Logs.Warnings);
        }
        // The last words of the one that stopped are there too.
        Assert.Equal([1, 2, 3, 4, 5], await StoredAsync(storage, RepositoryLayout.HistoryFile(1)));
        await using var next = new SyncHost(storage);
        await Eventually.IsTrueAsync("the history of before", async () => (await HistoryAsync(next, "?model=fashion&limit=2")).SequenceEqual([5, 4]));
        Assert.Empty(await HistoryAsync(next, "?model=other"));
    }

    [Theory]
    [InlineData("?model=../x")]
    [InlineData("?limit=0")]
    [InlineData("?limit=1001")]
    [InlineData("?limit=many")]
    public async Task A_question_that_makes_no_sense_is_refused(string query)
    {
        await using var sync = new SyncHost(azurite.NewStorage());
        using var answer = await sync.Client.GetAsync(new Uri(SyncRoutes.History + query, UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task The_calls_that_list_its_files_are_counted()
    {
        var storage = azurite.NewStorage();
        await storage.Container.CreateAsync(cancellationToken: Cancelled);
        using var calls = new MeterSums(Meters, "ModelPlatform.Sync");
        var (blob, _) = Writer(storage.Container);
        await blob.NewsAsync(Cancelled);
        Assert.True(await blob.TryAppendAsync(Entry(1).ToLine(), Cancelled));
        await blob.NewsAsync(Cancelled);
        Assert.Equal(1, calls["modelplatform.sync.list.calls purpose=history"]);     // at the first look only
    }

    [Fact]
    public async Task A_full_file_is_followed_by_the_next_one()
    {
        var storage = azurite.NewStorage();
        await storage.Container.CreateAsync(cancellationToken: Cancelled);
        var (blob, _) = Writer(storage.Container, maxBlocks: 3);
        Assert.True((await blob.NewsAsync(Cancelled)).IsAll);
        foreach (var generation in Enumerable.Range(1, 7)) Assert.True(await blob.TryAppendAsync(Entry(generation).ToLine(), Cancelled));
        Assert.Equal([1, 2, 3], await StoredAsync(storage, ".platform/history.jsonl"));
        Assert.Equal([4, 5, 6], await StoredAsync(storage, ".platform/history-2.jsonl"));
        Assert.Equal([7], await StoredAsync(storage, ".platform/history-3.jsonl"));

        var (late, _) = Writer(storage.Container, maxBlocks: 3);
        Assert.Equal([4, 5, 6, 7], Generations(await late.NewsAsync(Cancelled)));   // a new file says little: the one before it too
        Assert.True(await late.TryAppendAsync(Entry(8).ToLine(), Cancelled));
        Assert.Equal([8], Generations(await blob.NewsAsync(Cancelled)));
    }

    [Fact]
    public async Task Two_writers_see_what_the_other_one_wrote_also_across_files()
    {
        var storage = azurite.NewStorage();
        await storage.Container.CreateAsync(cancellationToken: Cancelled);
        var ((one, _), (other, _)) = (Writer(storage.Container, maxBlocks: 2), Writer(storage.Container, maxBlocks: 2));
        await one.NewsAsync(Cancelled);
        await other.NewsAsync(Cancelled);

        Assert.True(await one.TryAppendAsync(Entry(1).ToLine(), Cancelled));
        Assert.False(await other.TryAppendAsync(Entry(2).ToLine(), Cancelled));
        Assert.Equal([1], Generations(await other.NewsAsync(Cancelled)));
        Assert.True(await other.TryAppendAsync(Entry(2).ToLine(), Cancelled));
        Assert.True(await other.TryAppendAsync(Entry(3).ToLine(), Cancelled));   // the second file

        Assert.Equal([2], Generations(await one.NewsAsync(Cancelled)));
        Assert.Equal([3], Generations(await one.NewsAsync(Cancelled)));
        Assert.Empty(Generations(await one.NewsAsync(Cancelled)));
        Assert.True(await one.TryAppendAsync(Entry(4).ToLine(), Cancelled));
        Assert.Equal([3, 4], await StoredAsync(storage, ".platform/history-2.jsonl"));
    }

    [Fact]
    public async Task While_the_container_is_away_entries_wait_and_are_written_in_order()
    {
        var storage = azurite.NewStorage();
        var (_, history) = Writer(storage.Container);
        var logs = new CollectedLogs();
        using var writer = new HistoryWriter(Writer(storage.Container).Blob, history, Configured(), TimeProvider.System, logs.LoggerOf<HistoryWriter>());
        foreach (var generation in Enumerable.Range(1, 3)) history.Add(Entry(generation));
        await writer.StartAsync(Cancelled);
        await Eventually.IsTrueAsync("a warning", () => Task.FromResult(logs.Warnings.Any(text => text.StartsWith("The history cannot be written, 3 entries wait: ", StringComparison.Ordinal))));

        await storage.Container.CreateAsync(cancellationToken: Cancelled);
        await Eventually.IsTrueAsync("written", () => Task.FromResult(history.Pending == 0));
        Assert.Equal([1, 2, 3], await StoredAsync(storage, RepositoryLayout.HistoryFile(1)));
        await Eventually.IsTrueAsync("all well again", () => Task.FromResult(logs.Texts.Any(text => text.StartsWith("The history is written again.", StringComparison.Ordinal))));
        await writer.StopAsync(Cancelled);
    }

    [Fact]
    public async Task A_writer_that_is_stopped_twice_at_once_writes_each_entry_once()
    {
        // A host that is stopped while its own run ends too stops each service twice.
        foreach (var _ in Enumerable.Range(1, 20))
        {
            var storage = azurite.NewStorage();
            var logs = new CollectedLogs();
            var (blob, history) = Writer(storage.Container);
            using var writer = new HistoryWriter(blob, history, Configured(), TimeProvider.System, logs.LoggerOf<HistoryWriter>());
            foreach (var generation in Enumerable.Range(1, 3)) history.Add(Entry(generation));
            await writer.StartAsync(Cancelled);
            await Eventually.IsTrueAsync("it has tried", () => Task.FromResult(logs.Warnings.Any()));
            await storage.Container.CreateAsync(cancellationToken: Cancelled);
            await Task.WhenAll(writer.StopAsync(Cancelled), writer.StopAsync(Cancelled));
            Assert.Equal([1, 2, 3], await StoredAsync(storage, RepositoryLayout.HistoryFile(1)));
        }
    }

    private static (HistoryBlob Blob, History History) Writer(BlobContainerClient container, int maxBlocks = 45_000) =>
        (new HistoryBlob(container, Configured(maxBlocks), Metrics()), new History(Configured(maxBlocks), TimeProvider.System));

    private static SyncMetrics Metrics() => new(
        Meters.GetRequiredService<IMeterFactory>(), new ReplicaRegistry(Options.Create(new ReplicaOptions()), TimeProvider.System), new StateFeed(), new Leadership());

    private static IOptions<HistoryOptions> Configured(int maxBlocks = 45_000) => Options.Create(new HistoryOptions { MaxBlocks = maxBlocks, RefreshEvery = TimeSpan.FromSeconds(0.1) });

    private static void Announce(SyncHost sync, int generation) => sync.Services.GetRequiredService<Announcements>().Announce(Entry(generation));

    private static HistoryEntry Entry(int generation) => new(HistoryKind.Live, Fashion, new(2), null, generation, DateTimeOffset.UnixEpoch);

    private static IEnumerable<long> Generations(HistoryNews news) => HistoryEntry.ParseLines(news.Lines).Select(entry => entry.Generation);

    private static async Task<IEnumerable<long>> StoredAsync(Storage storage, string file) =>
        Generations(new((await storage.Container.GetBlobClient(file).DownloadContentAsync(Cancelled)).Value.Content.ToArray(), IsAll: true));

    private static async Task<IEnumerable<long>> HistoryAsync(SyncHost sync, string query = "") =>
        (await sync.Client.GetFromJsonAsync(SyncRoutes.History + query, RepositoryJson.Default.IReadOnlyListHistoryEntry, Cancelled))!.Select(entry => entry.Generation);
}
