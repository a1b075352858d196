using System.Collections.Concurrent;
using System.Diagnostics;
using ModelPlatform.Inference;
using ModelPlatform.Inference.Statistics;
using ModelPlatform.Inference.Telemetry;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Tests.Unit.Inference.Statistics;

namespace ModelPlatform.Tests.Unit.Inference.Batching;

public sealed class BatchRunnersTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_waits_where_nobody_runs()
    {
        await using var runs = new ObservedRuns();
        var call = runs.Runners.RunAsync(Calls.Of(7, rows: 2), Cancelled);

        var run = runs.Next();
        run.GoOn();

        Assert.Equal([2], run.Rows);
        Assert.False(run.OnPoolThread);
        Assert.Equal([7, 7], Calls.Numbers(await call));
    }

    [Fact]
    public async Task What_came_during_a_run_runs_together_and_each_gets_its_own()
    {
        await using var runs = new ObservedRuns();
        var first = runs.Runners.RunAsync(Calls.Of(1), Cancelled);
        var running = runs.Next();
        var later = Enumerable.Range(2, 3).Select(number => runs.Runners.RunAsync(Calls.Of(number), Cancelled)).ToList();
        Assert.Equal(3, runs.Runners.Waiting);
        running.GoOn();
        await first;

        var together = runs.Next();
        Assert.Equal([2, 3, 4], together.Numbers);
        Assert.Equal(0, runs.Runners.Waiting);
        together.GoOn();

        Assert.Equal([[2], [3], [4]], (await Task.WhenAll(later)).Select(Calls.Numbers));
    }

    [Fact]
    public async Task As_many_runs_overlap_as_there_are_runners()
    {
        await using var runs = new ObservedRuns(maxRows: 1, concurrency: 2);
        var calls = Enumerable.Range(1, 3).Select(number => runs.Runners.RunAsync(Calls.Of(number), Cancelled)).ToList();
        var (one, two) = (runs.Next(), runs.Next());
        Assert.Equal(1, runs.Runners.Waiting);
        one.GoOn();
        runs.Next().GoOn();
        two.GoOn();
        await Task.WhenAll(calls);
    }

    [Fact]
    public async Task The_delay_gathers_calls_and_ends_counted_from_the_oldest()
    {
        var time = new FakeTime();
        await using var runs = new ObservedRuns(maxDelay: TimeSpan.FromMilliseconds(10), time: time);
        var one = runs.Runners.RunAsync(Calls.Of(1), Cancelled);
        time.Advance(TimeSpan.FromMilliseconds(6));
        var two = runs.Runners.RunAsync(Calls.Of(2), Cancelled);
        Assert.Equal(2, runs.Runners.Waiting);
        time.Advance(TimeSpan.FromMilliseconds(4));

        var run = runs.Next();
        Assert.Equal([1, 2], run.Numbers);
        run.GoOn();
        await Task.WhenAll(one, two);
    }

    [Fact]
    public async Task A_full_batch_does_not_wait_for_the_delay()
    {
        await using var runs = new ObservedRuns(maxRows: 2, maxDelay: TimeSpan.FromMilliseconds(10), time: new FakeTime());
        var calls = Enumerable.Range(1, 2).Select(number => runs.Runners.RunAsync(Calls.Of(number), Cancelled)).ToList();
        runs.Next().GoOn();
        await Task.WhenAll(calls);
    }

    [Fact]
    public async Task One_bad_call_fails_none_of_its_neighbours()
    {
        await using var runs = new ObservedRuns();
        var first = runs.Runners.RunAsync(Calls.Of(1), Cancelled);
        var running = runs.Next();
        var good = runs.Runners.RunAsync(Calls.Of(2), Cancelled);
        var bad = runs.Runners.RunAsync(Calls.Of(3), Cancelled);
        running.GoOn();
        await first;

        runs.Next().Fail(new InferenceFault(FaultKind.InvalidInput, "together"));
        var again = runs.Next();
        Assert.Equal([2], again.Numbers);
        again.GoOn();
        runs.Next().Fail(new InferenceFault(FaultKind.InvalidInput, "alone"));

        Assert.Equal([2], Calls.Numbers(await good));
        Assert.Equal("alone", (await Assert.ThrowsAsync<InferenceFault>(() => bad)).Message);
        var after = runs.Runners.RunAsync(Calls.Of(4), Cancelled);
        runs.Next().GoOn();
        await after;
        Assert.Equal(4, runs.Queued);
    }

    [Fact]
    public async Task A_run_for_several_is_a_span_of_its_own_that_links_to_theirs()
    {
        var batches = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == InferenceTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => { if (activity.OperationName == "batch") batches.Add(activity); },
        };
        ActivitySource.AddActivityListener(listener);
        await using var runs = new ObservedRuns(maxRows: 2, maxDelay: TimeSpan.FromMilliseconds(10), time: new FakeTime());
        var (one, first) = Call(1);
        var (two, second) = Call(2);
        runs.Next().GoOn();
        await Task.WhenAll(one, two);
        await runs.Runners.DisposeAsync();

        var batch = Assert.Single(batches, batch => batch.Links.Any(link => link.Context == first));
        Assert.Equal([first, second], batch.Links.Select(link => link.Context));
        Assert.Equal(default, batch.ParentSpanId);
        Assert.DoesNotContain(batch.TraceId, new[] { first.TraceId, second.TraceId });

        (Task<Tensor[]> Done, ActivityContext Caller) Call(long number)
        {
            Activity.Current = null;
            using var run = InferenceTelemetry.Stage("run");
            return (runs.Runners.RunAsync(Calls.Of(number), Cancelled), run!.Context);
        }
    }

    [Fact]
    public async Task Who_gives_up_in_the_queue_waits_no_longer_and_is_never_run()
    {
        await using var runs = new ObservedRuns();
        var first = runs.Runners.RunAsync(Calls.Of(1), Cancelled);
        var running = runs.Next();
        using var impatient = new CancellationTokenSource();
        var given = runs.Runners.RunAsync(Calls.Of(2), impatient.Token);
        var last = runs.Runners.RunAsync(Calls.Of(3), Cancelled);

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.Equal(1, runs.Runners.Waiting);
        Assert.Equal(1, runs.Dropped);

        running.GoOn();
        var next = runs.Next();
        Assert.Equal([3], next.Numbers);
        next.GoOn();
        await Task.WhenAll(first, last);
        Assert.Equal(1, runs.Dropped);
    }

    [Fact]
    public async Task A_run_is_ended_once_all_of_its_callers_have_gone()
    {
        await using var runs = new ObservedRuns();
        var first = runs.Runners.RunAsync(Calls.Of(1), Cancelled);
        var running = runs.Next();
        using var one = new CancellationTokenSource();
        using var two = new CancellationTokenSource();
        Task<Tensor[]>[] callers = [runs.Runners.RunAsync(Calls.Of(2), one.Token), runs.Runners.RunAsync(Calls.Of(3), two.Token)];
        running.GoOn();
        await first;
        var together = runs.Next();

        await one.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => callers[0]);
        Assert.False(together.Cancelled.IsCancellationRequested);
        await two.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => callers[1]);
        Assert.True(together.Cancelled.IsCancellationRequested);
        Assert.Equal(0, runs.Dropped);
    }

    [Fact]
    public async Task Each_call_is_counted_by_how_it_ended_and_each_run_by_its_rows()
    {
        var time = new FakeTime();
        await using var runs = new ObservedRuns(time: time);
        var first = runs.Runners.RunAsync(Calls.Of(1, rows: 3), Cancelled);
        var running = runs.Next();
        using var one = new CancellationTokenSource();
        using var two = new CancellationTokenSource();
        var inQueue = runs.Runners.RunAsync(Calls.Of(2), one.Token);
        var inRun = runs.Runners.RunAsync(Calls.Of(3), two.Token);
        var good = runs.Runners.RunAsync(Calls.Of(4), Cancelled);
        var bad = runs.Runners.RunAsync(Calls.Of(5, name: "z"), Cancelled);
        await one.CancelAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        running.GoOn();
        await first;

        var together = runs.Next();
        await two.CancelAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        together.GoOn();
        await good;
        runs.Next().Fail(new InferenceFault(FaultKind.InvalidInput, "alone"));
        foreach (var gone in new[] { inQueue, inRun }) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        await Assert.ThrowsAsync<InferenceFault>(() => bad);

        var read = runs.Runners.Statistics.Read(refused: 0);
        Assert.Equal([(2, 1L), (3, 1L)], read.Batches.Select(batch => (batch.Rows, batch.Infer.Count)));
        Assert.Equal((5, 2), (read.Inferences, read.Executions));
        Assert.Equal(new Total(2, 3_000_000_000), read.Success);
        Assert.Equal(new Total(2, 1_000_000_000), read.Queue);
        Assert.Equal(new Total(3, 3_000_000_000), read.Fail);
        Readings.IsSound(read);
    }

    [Fact]
    public async Task Calls_that_are_not_batched_are_one_inference_each_whatever_their_first_axis()
    {
        await using var runs = new ObservedRuns(maxRows: 1);
        var call = runs.Runners.RunAsync(Calls.Of(1, rows: 7), Cancelled);
        runs.Next().GoOn();
        await call;
        Assert.Equal([1], runs.Runners.Statistics.Read(refused: 0).Batches.Select(batch => batch.Rows));
    }

    [Fact]
    public async Task A_tap_that_fails_costs_nobody_his_answer_and_runs_nothing_twice()
    {
        await using var runs = new ObservedRuns();
        var shown = 0;
        runs.Runners.Tap = (_, _, _) => { shown++; throw new InsufficientMemoryException(); };
        var first = runs.Runners.RunAsync(Calls.Of(1), Cancelled);
        var running = runs.Next();
        var later = Enumerable.Range(2, 2).Select(number => runs.Runners.RunAsync(Calls.Of(number), Cancelled)).ToList();
        running.GoOn();
        Assert.Equal([1], Calls.Numbers(await first.WaitAsync(TimeSpan.FromSeconds(20), Cancelled)));
        runs.Next().GoOn();
        Assert.Equal([[2], [3]], (await Task.WhenAll(later).WaitAsync(TimeSpan.FromSeconds(20), Cancelled)).Select(Calls.Numbers));

        await runs.Runners.DisposeAsync();
        Assert.Equal((3, 2), (shown, runs.Runners.Statistics.Read(refused: 0).Executions));
    }

    [Fact]
    public async Task Disposal_waits_for_the_run_that_a_caller_left_behind()
    {
        await using var runs = new ObservedRuns();
        using var caller = new CancellationTokenSource();
        var call = runs.Runners.RunAsync(Calls.Of(1), caller.Token);
        var run = runs.Next();
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        var disposal = runs.Runners.DisposeAsync().AsTask();
        Assert.False(disposal.IsCompleted);
        run.GoOn();
        await disposal;
    }

    [Fact]
    public async Task Disposal_runs_what_still_waits()
    {
        await using var runs = new ObservedRuns(maxDelay: TimeSpan.FromMilliseconds(10), time: new FakeTime());
        var call = runs.Runners.RunAsync(Calls.Of(1), Cancelled);
        var disposal = runs.Runners.DisposeAsync().AsTask();
        runs.Next().GoOn();
        Assert.Equal([1], Calls.Numbers(await call));
        await disposal;
        await Assert.ThrowsAsync<ObjectDisposedException>(() => runs.Runners.RunAsync(Calls.Of(2), Cancelled));
    }
}
