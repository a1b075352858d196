using FsCheck;
using FsCheck.Fluent;
using ModelPlatform.Inference.Statistics;

namespace ModelPlatform.Tests.Unit.Inference.Statistics;

public sealed class VersionStatisticsTests
{
    // One run: the rows of each of its calls, whether their callers were still there at its end, and where the time went.
    private static readonly Gen<Run> Runs =
        from rows in Gen.Choose(1, 5).NonEmptyListOf()
        from present in ArbMap.Default.GeneratorFor<bool>().ListOf(rows.Count)
        from succeeds in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false)))
        from queued in Gen.Choose(0, 1000).ListOf(rows.Count)
        from parts in Gen.Choose(0, 1000).ListOf(3)
        select new Run(rows, present, succeeds, [.. queued.Select(ticks => TimeSpan.FromTicks(ticks))], new RunTimes(new(parts[0]), new(parts[1]), new(parts[2])));

    private static readonly Gen<Run[]> Histories = Runs.ArrayOf();

    [Fact]
    public void Whatever_happens_in_whatever_order_is_counted_once() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Histories.ToArbitrary(), history =>
    {
        var statistics = new VersionStatistics(TimeProvider.System);
        var before = statistics.Read(refused: 0);
        foreach (var run in history)
        {
            run.Record(statistics);
            var now = statistics.Read(refused: 0);
            Readings.IsSound(now);
            Readings.HasNotFallen(before, now);
            before = now;
        }
        var (good, bad) = (history.Where(run => run.Succeeds).ToList(), history.Where(run => !run.Succeeds));
        Assert.Equal(good.Count, before.Executions);
        Assert.Equal(good.Sum(run => run.Rows.Sum()), before.Inferences);
        Assert.Equal(good.Sum(run => run.Answered), before.Success.Count);
        Assert.Equal(bad.Sum(run => run.Rows.Count) + good.Sum(run => run.Rows.Count - run.Answered), before.Fail.Count);
        Assert.Equal(good.Sum(run => run.Answered * run.Times.Infer.Ticks) * 100, before.ComputeInfer.Nanoseconds);
        Assert.Equal(good.Sum(run => run.Times.Infer.Ticks) * 100, before.Batches.Sum(batch => batch.Infer.Nanoseconds));
    }));

    [Fact]
    public async Task A_reading_amid_many_writers_is_as_sound_as_one_after_them()
    {
        var statistics = new VersionStatistics(TimeProvider.System);
        var history = Gen.Sample(Histories, 200, size: 30).SelectMany(runs => runs).ToList();
        var writers = Enumerable.Range(0, 3).Select(_ => Task.Run(() => { foreach (var run in history) run.Record(statistics); })).ToList();
        var (before, readings) = (statistics.Read(0), 0);
        while (writers.Exists(writer => !writer.IsCompleted) || readings < 100)
        {
            var now = statistics.Read(0);
            Readings.IsSound(now);
            Readings.HasNotFallen(before, now);
            (before, readings) = (now, readings + 1);
        }
        await Task.WhenAll(writers);

        var end = statistics.Read(0);
        Assert.Equal(3L * history.Where(run => run.Succeeds).Sum(run => run.Rows.Sum()), end.Inferences);
        Assert.Equal(3L * history.Sum(run => run.Rows.Count), end.Success.Count + end.Fail.Count);
    }

    [Fact]
    public void The_refused_are_among_the_failures_and_take_no_time()
    {
        var statistics = new VersionStatistics(TimeProvider.System);
        statistics.Failed(TimeSpan.FromTicks(3));
        Assert.Equal(new Total(6, 300), statistics.Read(refused: 5).Fail);
    }

    [Fact]
    public void Callers_who_send_ever_new_numbers_of_rows_do_not_fill_the_memory()
    {
        var statistics = new VersionStatistics(TimeProvider.System);
        for (var rows = 1; rows <= 5000; rows++) statistics.Ran(rows, default);
        var read = statistics.Read(0);
        Assert.Equal(1024, read.Batches.Count);
        Assert.Equal(5000, read.Executions);
        Assert.Equal(5000 * 5001 / 2, read.Inferences);
    }

    [Fact]
    public void The_last_inference_is_when_the_last_run_ended()
    {
        var time = new FakeTime();
        var statistics = new VersionStatistics(time);
        Assert.Equal(0, statistics.Read(0).LastInference);
        time.Advance(TimeSpan.FromSeconds(7));
        statistics.Ran(1, default);
        Assert.Equal(time.GetUtcNow().ToUnixTimeMilliseconds(), statistics.Read(0).LastInference);
    }

    private sealed record Run(IReadOnlyList<int> Rows, IReadOnlyList<bool> Present, bool Succeeds, IReadOnlyList<TimeSpan> Queued, RunTimes Times)
    {
        public int Answered => Present.Count(present => present);

        // In the order of the runners.
        public void Record(VersionStatistics statistics)
        {
            if (Succeeds) statistics.Ran(Rows.Sum(), Times);
            for (var call = 0; call < Rows.Count; call++)
            {
                var total = Queued[call] + Times.Input + Times.Infer + Times.Output;
                if (Succeeds && Present[call]) statistics.Succeeded(total, Queued[call], Times);
                else statistics.Failed(total);
            }
        }
    }
}
