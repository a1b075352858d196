using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Batching;

/// <summary>
/// Whether a graph answers each row as if it were alone. Its signature cannot tell: a free first axis may be the time of a sequence, and a graph
/// may compute something over all of its rows. Batched, such a model would answer one caller with numbers of another.
/// </summary>
internal static class RowIndependence
{
    // Larger batches take other kernels, which add in another order.
    private const double Tolerance = 1e-3;

    /// <param name="row">One row of an input, of zeros.</param>
    /// <returns>Null where nothing speaks against it; also where that row cannot be run.</returns>
    public static string? ObjectionTo(IReadOnlyList<TensorSpec> inputs, Func<TensorSpec, Tensor> row, RowRun run, CancellationToken cancelled)
    {
        Tensor[] zeros = [.. inputs.Select(row)];
        Tensor[] ones = [.. inputs.Select(input => row(input).Ones())];
        if (TryRun(run, zeros, [1], cancelled) is not [var alone]) return null;
        if (TryRun(run, TensorRows.Join([ones, zeros]), [1, 1], cancelled) is not [_, var behind]) return "it does not answer two rows with two rows.";
        return alone.Zip(behind).FirstOrDefault(pair => !AreAlike(pair.First, pair.Second)) is ({ } differing, _)
            ? $"its output '{Quoted.Of(differing.Name)}' for a row depends on the rows beside it." : null;
    }

    private static Tensor[][]? TryRun(RowRun run, IReadOnlyList<Tensor> inputs, IReadOnlyList<int> rows, CancellationToken cancelled)
    {
        try { return run(inputs, rows, out _, cancelled); }
        catch (Exception refusal) when (refusal is InferenceFault or InvalidOperationException) { return null; }
    }

    private static bool AreAlike(Tensor alone, Tensor behind) =>
        alone.Shape.AsSpan().SequenceEqual(behind.Shape)
        && TensorDifference.Largest(alone, behind) <= Tolerance * TensorDifference.Largest(alone, Tensor.Zeros(alone.Name, alone.Datatype, alone.Shape)) + 1e-6;
}
