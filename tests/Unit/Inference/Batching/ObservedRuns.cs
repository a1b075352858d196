using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ModelPlatform.Inference.Batching;
using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Statistics;
using ModelPlatform.Inference.Telemetry;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Tests.Unit.Inference.Batching;

/// <summary>Runners of a model that answers with its input. Each run waits until the test lets it go on.</summary>
internal sealed class ObservedRuns : IAsyncDisposable
{
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly BlockingCollection<Run> _begun = [];
    private readonly ConcurrentQueue<Run> _open = [];
    private int _dropped;
    private int _queued;

    public ObservedRuns(int maxRows = 4, TimeSpan maxDelay = default, int concurrency = 1, TimeProvider? time = null)
    {
        var factory = _meters.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name is "modelplatform.inference.queue.dropped" or "modelplatform.inference.queue.duration" && instrument.Meter.Scope == factory) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref _dropped, (int)count));
        _listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref _queued));
        _listener.Start();
        Runners = new BatchRunners(
            new ModelId(ModelName.Parse("m"), new ModelVersion(1)), Begin, new BatchWindow(maxRows, maxDelay), concurrency,
            new InferenceMetrics(factory, new ModelCatalog()), time ?? TimeProvider.System, NullLogger<BatchRunners>.Instance);
    }

    public BatchRunners Runners { get; }

    public int Dropped => Volatile.Read(ref _dropped);

    /// <summary>How many calls' time in the queue was recorded.</summary>
    public int Queued => Volatile.Read(ref _queued);

    /// <summary>The next run that has begun; fails where none begins.</summary>
    public Run Next()
    {
        Assert.True(_begun.TryTake(out var run, TimeSpan.FromSeconds(20)), "no run has begun");
        return run;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var run in _open) run.GoOn();
        await Runners.DisposeAsync();
        _listener.Dispose();
        await _meters.DisposeAsync();
        _begun.Dispose();
    }

    private Tensor[][] Begin(IReadOnlyList<Tensor> inputs, IReadOnlyList<int> rows, out RunTimes times, CancellationToken cancelled)
    {
        var run = new Run(inputs, rows, cancelled);
        _open.Enqueue(run);
        _begun.Add(run, CancellationToken.None);
        run.Wait();
        times = default;
        var split = TensorRows.Split(inputs[0].Name, inputs[0].Datatype, inputs[0].Shape, inputs[0].Data.Span, rows);
        return [.. split.Select(output => (Tensor[])[output])];
    }

    internal sealed class Run(IReadOnlyList<Tensor> inputs, IReadOnlyList<int> rows, CancellationToken cancelled)
    {
        private readonly TaskCompletionSource _goOn = new();

        public long[] Numbers { get; } = [.. Calls.Numbers(inputs)];

        public IReadOnlyList<int> Rows { get; } = rows;

        public CancellationToken Cancelled { get; } = cancelled;

        public bool OnPoolThread { get; } = Thread.CurrentThread.IsThreadPoolThread;

        public void GoOn() => _goOn.TrySetResult();

        public void Fail(Exception failure) => _goOn.TrySetException(failure);

        public void Wait() => _goOn.Task.GetAwaiter().GetResult();
    }
}
