using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Batching;

/// <summary>How much and how long a batch may gather.</summary>
internal readonly record struct BatchWindow(int MaxRows, TimeSpan MaxDelay)
{
    /// <summary>Every call has a run to itself.</summary>
    public static readonly BatchWindow Alone = new(1, TimeSpan.Zero);

    /// <summary>Rows of several calls go together only where each input takes and each output gives as many as there are.</summary>
    public static bool IsPossible(IReadOnlyList<TensorSpec> inputs, IReadOnlyList<TensorSpec> outputs) =>
        inputs.Count > 0 && inputs.Concat(outputs).All(tensor => tensor.Shape is [< 0, ..]);

    /// <summary>Rows are copied to be joined, and on a CPU a run of several large ones takes as long as a run of each, or a little longer.</summary>
    /// <param name="row">One row of each input.</param>
    public static bool IsWorthwhile(IReadOnlyList<Tensor> row, long maxRowBytes) => row.Sum(input => (long)input.Data.Length) <= maxRowBytes;

    /// <summary>One that holds nothing takes anything: a call of too many rows runs alone.</summary>
    public bool Fits(int held, int next) => held == 0 || held + next <= MaxRows;

    public TimeSpan Remaining(TimeSpan waited) => waited < MaxDelay ? MaxDelay - waited : TimeSpan.Zero;
}
