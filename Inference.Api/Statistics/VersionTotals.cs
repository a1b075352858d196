namespace ModelPlatform.Inference.Statistics;

internal readonly record struct Total(long Count, long Nanoseconds);

/// <summary>Runs of so many rows.</summary>
internal sealed record BatchTotals(int Rows, Total Input, Total Infer, Total Output);

/// <summary>
/// What a version did since it is served, in the terms of the protocol's statistics extension (Triton's extension_statistics.md). In each reading
/// queue and compute together are no longer than success, and inferences are no fewer than successes.
/// </summary>
/// <param name="LastInference">When the last run ended, in milliseconds since 1970; 0 for never.</param>
/// <param name="Inferences">Rows of runs that succeeded.</param>
/// <param name="Executions">Runs that succeeded.</param>
/// <param name="Success">Calls from being queued to their answer, as are those that follow.</param>
/// <param name="Fail">Calls that failed in the run, were given up by their callers or were refused for want of a place.</param>
internal sealed record VersionTotals(
    long LastInference, long Inferences, long Executions, Total Success, Total Fail, Total Queue, Total ComputeInput, Total ComputeInfer, Total ComputeOutput,
    IReadOnlyList<BatchTotals> Batches);
