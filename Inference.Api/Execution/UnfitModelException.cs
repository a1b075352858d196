namespace ModelPlatform.Inference.Execution;

/// <summary>The content of a version is wrong: final for its identity. The message is the reason that operators see.</summary>
internal sealed class UnfitModelException(string reason) : Exception(reason);
