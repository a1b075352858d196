namespace ModelPlatform.Inference.Tensors;

/// <summary>What an input or output of a graph is: -1 stands for a dimension that each request chooses.</summary>
internal sealed record TensorSpec(string Name, Datatype Datatype, long[] Shape)
{
    /// <summary>The smallest tensor that fits: each free dimension is one.</summary>
    public Tensor Smallest() => Tensor.Zeros(Name, Datatype, [.. Shape.Select(dimension => dimension < 0 ? 1 : dimension)]);
}
