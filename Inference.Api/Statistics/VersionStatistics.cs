using System.Collections.Concurrent;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Statistics;

/// <summary>
/// Counts what one version does: added to by runners and callers at once, read at any time. What a reading promises comes from the order of
/// things: a run is counted before its calls, a call's whole time before its parts, and they are read the other way round.
/// </summary>
internal sealed class VersionStatistics(TimeProvider time)
{
    // Sizes are chosen by callers: beyond so many, runs of new sizes are in the totals only.
    private const int MostSizes = 1024;

    private readonly ConcurrentDictionary<int, BatchTally> _batches = new();
    private readonly Tally _otherRuns = new();
    private long _otherRows;
    private long _lastInference;
    private long _failedRuns;
    private long _notNumbers;

    private readonly Tally _success = new();
    private readonly Tally _fail = new();
    private readonly Tally _queue = new();
    private readonly Tally _input = new();
    private readonly Tally _infer = new();
    private readonly Tally _output = new();

    public void Ran(int rows, RunTimes times)
    {
        Volatile.Write(ref _lastInference, time.GetUtcNow().ToUnixTimeMilliseconds());
        if (_batches.TryGetValue(rows, out var known)) known.Add(times);
        else if (_batches.Count < MostSizes) _batches.GetOrAdd(rows, static _ => new BatchTally()).Add(times);
        else
        {
            Interlocked.Add(ref _otherRows, rows);
            _otherRuns.Add(times.Infer);
        }
    }

    /// <param name="total">From being queued to the end of its run.</param>
    public void Succeeded(TimeSpan total, TimeSpan queued, RunTimes times)
    {
        _success.Add(total);
        _queue.Add(queued);
        _input.Add(times.Input);
        _infer.Add(times.Infer);
        _output.Add(times.Output);
    }

    public void Failed(TimeSpan total) => _fail.Add(total);

    /// <summary>A call failed in its run: that speaks against the version, where other failures do against callers or their number.</summary>
    public void FailedInRun() => Interlocked.Increment(ref _failedRuns);

    public void AnsweredNotNumbers() => Interlocked.Increment(ref _notNumbers);

    public VersionCalls ReadCalls()
    {
        var infer = _infer.Read();
        return new VersionCalls(infer.Count, Volatile.Read(ref _notNumbers), Volatile.Read(ref _failedRuns), infer.Nanoseconds / 1e9);
    }

    /// <param name="refused">Calls that failed before anybody could queue them.</param>
    public VersionTotals Read(long refused)
    {
        var (output, infer, input, queue) = (_output.Read(), _infer.Read(), _input.Read(), _queue.Read());
        var success = _success.Read();
        var fail = _fail.Read();
        var (otherRuns, otherRows) = (_otherRuns.Count, Volatile.Read(ref _otherRows));
        BatchTotals[] batches = [.. _batches.ToArray().OrderBy(batch => batch.Key).Select(batch => batch.Value.Read(batch.Key))];
        return new VersionTotals(
            Volatile.Read(ref _lastInference),
            otherRows + batches.Sum(batch => batch.Rows * batch.Infer.Count),
            otherRuns + batches.Sum(batch => batch.Infer.Count),
            success, fail with { Count = fail.Count + refused }, queue, input, infer, output, batches);
    }
}
