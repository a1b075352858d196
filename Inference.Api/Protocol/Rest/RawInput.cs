using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>A body without JSON: the data of the only input of a model, as one row.</summary>
internal static class RawInput
{
    /// <exception cref="InferenceFault">The model takes more than such a body can say, or the bytes do not fit it.</exception>
    public static Tensor Read(IReadOnlyList<TensorSpec> inputs, ReadOnlySpan<byte> body)
    {
        if (inputs is not [var input]) throw JsonText.Wrong($"A body without JSON is for models with one input; this one has {inputs.Count}.");
        return input.Datatype == Datatype.Bytes ? Text(input, body) : BinaryTensors.Read(input.Name, input.Datatype, ShapeOf(input, body.Length), body);
    }

    // The whole body is the element: what tells one from the next would be its length before it.
    private static Tensor Text(TensorSpec input, ReadOnlySpan<byte> body)
    {
        long[] shape = [.. input.Shape.Select(dimension => dimension < 0 ? 1 : dimension)];
        if (Shapes.Count(shape) != 1) throw InferenceFault.OfInput(input.Name, $"a body without JSON is one element of BYTES; its shape {Shapes.Text(input.Shape)} has more");
        return TextElements.ToTensor(input.Name, shape, body);
    }

    private static long[] ShapeOf(TensorSpec input, int bytes)
    {
        // A free first dimension with others after it is the batch.
        long[] shape = input.Shape is [< 0, _, ..] ? [1, .. input.Shape[1..]] : [.. input.Shape];
        var free = Array.FindIndex(shape, dimension => dimension < 0);
        if (free < 0) return shape;
        if (Array.FindLastIndex(shape, dimension => dimension < 0) != free)
            throw InferenceFault.OfInput(input.Name, $"its shape {Shapes.Text(input.Shape)} does not follow from the number of bytes; send it with JSON");

        shape[free] = 1;
        var step = Shapes.Count(shape)!.Value * input.Datatype.Size;
        if (step == 0 || bytes % step != 0) throw InferenceFault.OfInput(input.Name, $"a body for the shape {Shapes.Text(input.Shape)} of {input.Datatype} is a multiple of {step} bytes, not {bytes}");
        shape[free] = bytes / step;
        return shape;
    }
}
