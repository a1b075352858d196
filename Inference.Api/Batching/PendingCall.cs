using System.Diagnostics;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Batching;

/// <summary>One call from the moment it is queued. Its end is told once, by whoever claims it first: the run, or the caller who gives up.</summary>
internal sealed class PendingCall(IReadOnlyList<Tensor> inputs, long enqueuedAt, ActivityContext caller, CancellationToken cancelled)
{
    // Asynchronous continuations: making one answer must not delay the next batch.
    private readonly TaskCompletionSource<Tensor[]> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _ended;
    private bool _hasBegun;

    public IReadOnlyList<Tensor> Inputs { get; } = inputs;

    /// <summary>Null for one that cannot share a run.</summary>
    public int? Rows { get; } = TensorRows.CountOf(inputs);

    public long EnqueuedAt { get; } = enqueuedAt;

    public ActivityContext Caller { get; } = caller;

    public CancellationToken Cancelled { get; } = cancelled;

    public bool IsAbandoned => Cancelled.IsCancellationRequested;

    public Task<Tensor[]> Done => _done.Task;

    /// <summary>True for its first run only: one that failed together with others runs again by itself.</summary>
    public bool TryBegin() => !_hasBegun && (_hasBegun = true);

    /// <summary>For whoever took the call out of the queue, once no run of it is going on or will be.</summary>
    public void ReturnInputs()
    {
        foreach (var input in Inputs) input.Return();
    }

    /// <summary>Who gets true tells the end.</summary>
    public bool TryEnd() => Interlocked.Exchange(ref _ended, 1) == 0;

    public void Complete(Tensor[] outputs) => _done.SetResult(outputs);

    public void Fail(Exception failure) => _done.SetException(failure);

    public void Abandon() => _done.SetCanceled(Cancelled);
}
