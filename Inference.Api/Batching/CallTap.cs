using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Batching;

/// <summary>Is shown each call that was answered, on the thread that ran it and before its inputs are returned: it has to be quick, and to copy what it keeps.</summary>
/// <param name="run">Of the run in which it was answered, in the graph.</param>
internal delegate void CallTap(IReadOnlyList<Tensor> inputs, Tensor[] outputs, TimeSpan run);
