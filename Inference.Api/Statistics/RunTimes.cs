namespace ModelPlatform.Inference.Statistics;

/// <summary>Where the time of one run went.</summary>
/// <param name="Input">Until the runtime had its inputs.</param>
/// <param name="Infer">In the graph.</param>
/// <param name="Output">Until its outputs were ours.</param>
internal readonly record struct RunTimes(TimeSpan Input, TimeSpan Infer, TimeSpan Output);
