using ModelPlatform.Inference.Batching;
using ModelPlatform.Inference.Classification;
using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Statistics;
using ModelPlatform.Inference.Telemetry;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Models;

/// <summary>
/// One version in memory, immutable but for its holders. It is held once by the slot that serves it and once by every request that runs on it;
/// when the last one lets go, <see cref="Drained"/> completes and the reload loop, never a request, disposes it.
/// </summary>
internal sealed class LoadedModel(
    ModelId id, Identity identity, OnnxSession session, Classifier? classifier, Admission admission, BatchRunners runners, InferenceMetrics.Residence residence) : IAsyncDisposable
{
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _holders = 1;

    public ModelId Id { get; } = id;

    public Identity Identity { get; } = identity;

    public Classifier? Classifier { get; } = classifier;

    public IReadOnlyList<TensorSpec> Inputs => session.Inputs;

    public IReadOnlyList<TensorSpec> Outputs => session.Outputs;

    public Task Drained => _drained.Task;

    public ModelSignature Signature { get; } = new(SignatureOf(session.Inputs), SignatureOf(session.Outputs));

    public Admission Admission { get; } = admission;

    public BatchRunners Runners { get; } = runners;

    public VersionCalls Calls => Runners.Statistics.ReadCalls();

    public VersionTotals Totals => Runners.Statistics.Read(Admission.Refused);

    /// <summary>Runs at once: for the loading itself, before anybody else knows the model.</summary>
    public Tensor[] Run(IReadOnlyList<Tensor> inputs, CancellationToken cancelled) => session.Run(inputs, cancelled);

    /// <summary>False once the version is retired and left by all: it cannot be revived.</summary>
    public bool TryHold()
    {
        for (int seen = Volatile.Read(ref _holders); seen > 0; seen = Volatile.Read(ref _holders))
        {
            if (Interlocked.CompareExchange(ref _holders, seen + 1, seen) == seen) return true;
        }
        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0) _drained.SetResult();
    }

    // Callers who gave up have let go of the version while their rows may still be in a run: those end first.
    public async ValueTask DisposeAsync()
    {
        await Runners.DisposeAsync();
        session.Dispose();
        residence.Dispose();
    }

    private static TensorSignature[] SignatureOf(IReadOnlyList<TensorSpec> tensors) =>
        [.. tensors.Select(tensor => new TensorSignature(tensor.Name, tensor.Datatype.Name, tensor.Shape.Length))];
}
