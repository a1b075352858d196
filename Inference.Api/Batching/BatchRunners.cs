using System.Diagnostics;
using ModelPlatform.Inference.Statistics;
using ModelPlatform.Inference.Telemetry;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Batching;

/// <summary>Computes the outputs of several calls whose rows were joined: of the first with so many rows, of the second with so many, …</summary>
internal delegate Tensor[][] RowRun(IReadOnlyList<Tensor> inputs, IReadOnlyList<int> rows, out RunTimes times, CancellationToken cancelled);

/// <summary>
/// Runs a version's calls on threads of its own, as many as runs may overlap: a run computes for its whole length and must not take a thread
/// from the pool that serves requests.
/// </summary>
internal sealed partial class BatchRunners : IAsyncDisposable
{
    private readonly ModelId _model;
    private readonly RowRun _run;
    private readonly InferenceMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<BatchRunners> _logger;
    private readonly CallQueue _queue;
    private readonly Task[] _runners;
    private volatile CallTap? _tap;

    public BatchRunners(ModelId model, RowRun run, BatchWindow window, int concurrency, InferenceMetrics metrics, TimeProvider time, ILogger<BatchRunners> logger)
    {
        (_model, _run, _metrics, _time, _logger) = (model, run, metrics, time, logger);
        _queue = new CallQueue(window, time);
        (MaxRows, MaxDelay) = (window.MaxRows, window.MaxDelay);
        Statistics = new VersionStatistics(time);
        _runners = [.. Enumerable.Range(0, concurrency).Select(_ => Start())];
    }

    public int MaxRows { get; }

    public TimeSpan MaxDelay { get; }

    public int Concurrency => _runners.Length;

    public int Waiting => _queue.Depth;

    public VersionStatistics Statistics { get; }

    public CallTap? Tap
    {
        set => _tap = value;
    }

    /// <summary>The outputs for one call, which takes its inputs over and returns those that are rented. A caller who gives up waits no longer, whether his call is queued, which drops it, or in a run.</summary>
    public async Task<Tensor[]> RunAsync(IReadOnlyList<Tensor> inputs, CancellationToken cancelled)
    {
        var call = new PendingCall(inputs, _time.GetTimestamp(), Activity.Current?.Context ?? default, cancelled);
        _queue.Add(call);
        using var leaving = cancelled.UnsafeRegister(_ => Leave(call), null);
        return await call.Done;
    }

    /// <summary>Returns when no run is going on any more. Calls that still wait are run first.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Complete();
        await Task.WhenAll(_runners);
    }

    private Task Start()
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            while (_queue.Take() is { } calls)
            {
                Serve(calls);
                foreach (var call in calls) call.ReturnInputs();
            }
            stopped.SetResult();
        })
        { Name = $"run {_model}", IsBackground = true };
        // Without the context of whoever loads the version: runs are no part of that trace.
        thread.UnsafeStart();
        return stopped.Task;
    }

    private void Leave(PendingCall call)
    {
        if (_queue.Remove(call))
        {
            _metrics.Dropped(_model.Name);
            call.ReturnInputs();
        }
        Abandon(call);
    }

    private void Serve(IReadOnlyList<PendingCall> calls)
    {
        var wanted = new List<PendingCall>(calls.Count);
        foreach (var call in calls)
        {
            if (call.IsAbandoned) Drop(call);
            else wanted.Add(call);
        }
        if (wanted.Count == 0 || TryRun(wanted) is not { } failure) return;

        // One of them may be to blame for it: each has its own run and its own failure then.
        if (wanted.Count == 1) Fail(wanted[0], failure);
        else foreach (var call in wanted.Where(call => !call.IsAbandoned && !call.Done.IsCompleted)) Serve([call]);
    }

    private void Drop(PendingCall call)
    {
        _metrics.Dropped(_model.Name);
        Abandon(call);
    }

    private void Abandon(PendingCall call)
    {
        if (!call.TryEnd()) return;
        Statistics.Failed(_time.GetElapsedTime(call.EnqueuedAt));
        call.Abandon();
    }

    private void Fail(PendingCall call, Exception failure)
    {
        if (!call.TryEnd()) return;
        Statistics.Failed(_time.GetElapsedTime(call.EnqueuedAt));
        if (failure is not OperationCanceledException) Statistics.FailedInRun();
        call.Fail(failure);
    }

    private Exception? TryRun(IReadOnlyList<PendingCall> calls)
    {
        try
        {
            Run(calls);
            return null;
        }
#pragma warning disable CA1031 // These callers see the error; the runner lives on.
        catch (Exception failure) { return failure; }
#pragma warning restore CA1031
    }

    private void Run(IReadOnlyList<PendingCall> calls)
    {
        using var span = InferenceTelemetry.Batch(calls.Select(call => call.Caller));
        span.Tag(_model);
        using var ending = new SharedEnding([.. calls.Select(call => call.Cancelled)]);
        int[] rows = [.. calls.Select(call => call.Rows ?? 1)];
        var started = _time.GetTimestamp();
        foreach (var call in calls.Where(call => call.TryBegin())) _metrics.Queued(_model.Name, _time.GetElapsedTime(call.EnqueuedAt, started));

        var inputs = calls is [var only] ? only.Inputs : TensorRows.Join([.. calls.Select(call => call.Inputs)]);
        var joined = _time.GetElapsedTime(started);
        var outputs = _run(inputs, rows, out var times, ending.Token);
        if (calls.Count > 1) foreach (var input in inputs) input.Return();
        var ended = _time.GetTimestamp();
        times = times with { Input = joined + times.Input };
        _metrics.Ran(_model.Name, rows.Sum(), _time.GetElapsedTime(started, ended));
        // Of a version that is not batched the first axis need not be rows at all.
        Statistics.Ran(MaxRows > 1 ? rows.Sum() : 1, times);
        for (var i = 0; i < calls.Count; i++)
        {
            if (!calls[i].TryEnd()) continue;
            // Whatever fails in between: who has claimed the end of a call tells it, or nobody ever does.
            try
            {
                if (NotNumbers.AreIn(outputs[i])) Statistics.AnsweredNotNumbers();
                Statistics.Succeeded(_time.GetElapsedTime(calls[i].EnqueuedAt, ended), _time.GetElapsedTime(calls[i].EnqueuedAt, started), times);
                Show(calls[i], outputs[i], times);
            }
            finally { calls[i].Complete(outputs[i]); }
        }
    }

    private void Show(PendingCall call, Tensor[] outputs, RunTimes times)
    {
        try { _tap?.Invoke(call.Inputs, outputs, times.Infer); }
#pragma warning disable CA1031 // Who looks on must not cost anybody his answer, for want of memory or for a bug.
        catch (Exception failure) { Log.NotShown(_logger, failure, _model); }
#pragma warning restore CA1031
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "A call of {Model} could not be shown to the version in its shadow; it is not compared.")]
        public static partial void NotShown(ILogger logger, Exception failure, ModelId model);
    }
}
