using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Batching;

/// <summary>Which of the waiting calls run next: the oldest, and those behind it that go with it, in their order.</summary>
/// <param name="IsFull">Waiting longer would add nothing.</param>
internal sealed record BatchPlan(IReadOnlyList<PendingCall> Calls, bool IsFull)
{
    /// <param name="waiting">The oldest first; at least one.</param>
    public static BatchPlan Of(IReadOnlyList<PendingCall> waiting, BatchWindow window)
    {
        var oldest = waiting[0];
        if (oldest.Rows is not { } held) return new BatchPlan([oldest], IsFull: true);

        var together = new List<PendingCall> { oldest };
        foreach (var next in waiting.Skip(1))
        {
            if (held >= window.MaxRows) break;
            if (next.Rows is not { } rows || !TensorRows.GoTogether(oldest.Inputs, next.Inputs)) continue;
            if (!window.Fits(held, rows)) return new BatchPlan(together, IsFull: true);
            together.Add(next);
            held += rows;
        }
        return new BatchPlan(together, held >= window.MaxRows);
    }
}
