using Microsoft.Extensions.Options;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Telling;

namespace ModelPlatform.Tests.Unit.Sync.Telling;

public sealed class HistoryTests
{
    private static readonly ModelName Fashion = ModelName.Parse("fashion");
    private static readonly ModelName Other = ModelName.Parse("other");

    private readonly History _history = new(Options.Create(new HistoryOptions { MaxPending = 3 }), new FakeTime());

    [Fact]
    public void The_newest_come_first_wherever_they_are_on_their_way()
    {
        _history.Read([Entry(1), Entry(2, Other)], isAll: true, holdsTaken: false);
        foreach (var generation in new[] { 3, 4, 5 }) _history.Add(Entry(generation));
        var line = _history.Take(maxBytes: 1);
        Assert.Equal(Lines(3), line);
        Assert.Equal([5, 4, 3, 2, 1], Generations(null));
        Assert.Equal([5, 4], Generations(Fashion, 2));
        Assert.Equal([2], Generations(Other));

        Assert.Equal(line, _history.Take(1000));   // the same until it is written
        _history.Written();
        Assert.Equal(Lines(4, 5), _history.Take(1000));
        Assert.Equal([5, 4, 3, 2, 1], Generations(null));
    }

    [Fact]
    public void What_another_one_wrote_lies_before_what_waits_and_a_write_that_took_effect_is_not_repeated()
    {
        _history.Add(Entry(2));
        var lines = _history.Take(1000);
        var news = new HistoryNews([.. Lines(1), .. lines], IsAll: false);
        _history.Read(HistoryEntry.ParseLines(news.Lines), news.IsAll, news.Holds(lines));
        Assert.Empty(_history.Take(1000));
        Assert.Equal([2, 1], Generations(null));
    }

    [Fact]
    public void Beyond_the_bound_the_oldest_that_waits_is_given_up()
    {
        foreach (var generation in new[] { 1, 2, 3 }) Assert.True(_history.Add(Entry(generation)));
        Assert.False(_history.Add(Entry(4)));
        Assert.Equal([4, 3, 2], Generations(null));
    }

    [Fact]
    public void Only_so_many_are_kept()
    {
        _history.Read(Enumerable.Range(1, History.Kept + 5).Select(generation => Entry(generation)), isAll: true, holdsTaken: false);
        Assert.Equal(Enumerable.Range(6, History.Kept).Reverse().Select(generation => (long)generation), Generations(null, int.MaxValue));
    }

    [Fact]
    public void A_line_holds_everything_and_one_that_cannot_be_read_is_passed_over()
    {
        var entry = new HistoryEntry(HistoryKind.RolledBack, Fashion, new(2), Identity.OfManifest("x"u8), 7, DateTimeOffset.UnixEpoch, "It's\nbad.", "00-1-2-01", ["a", "b"]);
        Assert.Equal(
            $$"""{"kind":"rolledBack","model":"fashion","version":"2","identity":"{{entry.Identity}}","generation":7,"time":"1970-01-01T00:00:00+00:00","reason":"It's\nbad.","traceparent":"00-1-2-01","replicas":["a","b"]}""" + "\n",
            System.Text.Encoding.UTF8.GetString(entry.ToLine()));
        Assert.Contains("\"version\":null", System.Text.Encoding.UTF8.GetString(Entry(1).ToLine()), StringComparison.Ordinal);

        byte[] lines = [.. entry.ToLine(), .. "{\"kind\":\"celebrated\"}\nhalf a li\n"u8, .. Lines(8)];
        Assert.Equal([7, 8], HistoryEntry.ParseLines(lines).Select(read => read.Generation));
    }

    [Theory]
    [InlineData(".platform/history.jsonl", 1)]
    [InlineData(".platform/history-2.jsonl", 2)]
    [InlineData(".platform/history-12.jsonl", 12)]
    [InlineData(".platform/history-02.jsonl", null)]
    [InlineData(".platform/history-1.jsonl", null)]
    [InlineData(".platform/history-x.jsonl", null)]
    [InlineData(".platform/history.json", null)]
    public void Files_of_the_history_have_numbers(string blob, int? number) => Assert.Equal(number, RepositoryLayout.HistoryNumber(blob));

    private IEnumerable<long> Generations(ModelName? model, int limit = 100) => _history.Newest(model, limit).Select(entry => entry.Generation);

    private static byte[] Lines(params int[] generations) => [.. generations.SelectMany(generation => Entry(generation).ToLine())];

    private static HistoryEntry Entry(int generation, ModelName? model = null) => new(HistoryKind.Live, model ?? Fashion, null, null, generation, DateTimeOffset.UnixEpoch);
}
