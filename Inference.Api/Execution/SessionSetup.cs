namespace ModelPlatform.Inference.Execution;

/// <summary>How a graph is loaded.</summary>
internal sealed record SessionSetup(int IntraOpThreads)
{
    public ExecutionProviders Providers { get; init; } = ExecutionProviders.CpuOnly;

    /// <summary>The file holds a graph that the runtime has optimised before, for this very machine: it is taken as it is.</summary>
    public bool IsOptimized { get; init; }

    /// <summary>Where the optimised graph is written; null for nowhere.</summary>
    public string? WriteOptimized { get; init; }
}
