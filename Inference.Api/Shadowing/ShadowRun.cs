using System.Threading.Channels;
using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Shadowing;

/// <summary>
/// Lets a version that answers nobody answer a share of the live calls too, and compares what it says with what was answered. One call at a time: where
/// the last one is not through yet, the next is passed over.
/// </summary>
internal sealed class ShadowRun : IAsyncDisposable
{
    private readonly LoadedModel _shadow;
    private readonly ShadowPlan _plan;
    private readonly Channel<Sample> _samples = Channel.CreateBounded<Sample>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _comparing;
    private long _seen;
    private volatile ShadowCalls _calls = new();

    public ShadowRun(LoadedModel shadow, ShadowPlan plan)
    {
        (_shadow, _plan) = (shadow, plan);
        _comparing = CompareAllAsync();
    }

    public ShadowCalls Calls => _calls;

    /// <summary>A <see cref="Batching.CallTap"/>.</summary>
    public void Offer(IReadOnlyList<Tensor> inputs, Tensor[] outputs, TimeSpan run)
    {
        var seen = Interlocked.Increment(ref _seen);
        var isDue = (long)(seen * _plan.Share) > (long)((seen - 1) * _plan.Share);
        if (isDue && _samples.Reader.Count == 0) _samples.Writer.TryWrite(new Sample([.. inputs.Select(CopyOf)], outputs, run));
    }

    /// <summary>Returns when it runs no more. What is in a run is broken off: nobody waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        _samples.Writer.TryComplete();
        await _ending.CancelAsync();
        await _comparing;
        _ending.Dispose();
    }

    private async Task CompareAllAsync()
    {
        await foreach (var sample in _samples.Reader.ReadAllAsync())
        {
            var before = _shadow.Calls;
            var run = _shadow.Runners.RunAsync(sample.Inputs, _ending.Token);
            // Whatever it fails with, nobody waits for it, and it does not agree.
            await Task.WhenAny(run);
            if (_ending.IsCancellationRequested) return;
            var agrees = run.IsCompletedSuccessfully && Agreement.Between(sample.Outputs, await run, _shadow.Classifier, _plan.Tolerance);
            var seconds = _shadow.Calls.Since(before).RunSeconds;
            _calls = new ShadowCalls(_calls.Compared + 1, _calls.Agreed + (agrees ? 1 : 0), _calls.RunSeconds + seconds, _calls.ServedRunSeconds + sample.Run.TotalSeconds);
        }
    }

    private static Tensor CopyOf(Tensor input) => new(input.Name, input.Datatype, input.Shape, input.Data.ToArray());

    private sealed record Sample(IReadOnlyList<Tensor> Inputs, Tensor[] Outputs, TimeSpan Run);
}
