using ModelPlatform.Inference.Classification;
using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Models;

/// <summary>
/// One version in memory, immutable but for its holders. It is held once by the slot that serves it and once by every request that runs on it;
/// when the last one lets go, <see cref="Drained"/> completes and the reload loop, never a request, disposes it.
/// </summary>
internal sealed class LoadedModel(ModelId id, Identity identity, OnnxSession session, Classifier? classifier, RunGate gate) : IDisposable
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

    /// <summary>Runs when one of the model's places is free.</summary>
    public async Task<Tensor[]> RunAsync(IReadOnlyList<Tensor> inputs, CancellationToken cancelled)
    {
        using var place = await gate.EnterAsync(cancelled);
        return session.Run(inputs, cancelled);
    }

    /// <summary>Runs at once: for the loading itself, before anybody else knows the model.</summary>
    public Tensor[] Run(IReadOnlyList<Tensor> inputs) => session.Run(inputs, CancellationToken.None);

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

    public void Dispose()
    {
        session.Dispose();
        gate.Dispose();
    }

    private static TensorSignature[] SignatureOf(IReadOnlyList<TensorSpec> tensors) =>
        [.. tensors.Select(tensor => new TensorSignature(tensor.Name, tensor.Datatype.Name, tensor.Shape.Length))];
}
