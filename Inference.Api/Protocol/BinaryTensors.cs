using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Protocol;

/// <summary>From the protocols' binary form of a tensor, little-endian row-major elements without padding, to ours, which is the same.</summary>
internal static class BinaryTensors
{
    /// <exception cref="InferenceFault">Names the tensor and why the bytes cannot be its data.</exception>
    public static Tensor Read(string name, Datatype datatype, long[] shape, ReadOnlySpan<byte> data)
    {
        if (Shapes.Count(shape) is not { } count) throw InferenceFault.OfInput(name, $"the shape {Shapes.Text(shape)} is not possible");
        if (datatype == Datatype.Bytes) RequireTexts(name, shape, count, data);
        else if (count * datatype.Size != data.Length)
            throw InferenceFault.OfInput(name, $"the shape {Shapes.Text(shape)} of {datatype} takes {count * datatype.Size} bytes, not {data.Length}");
        if (datatype == Datatype.Bool && data.ContainsAnyExceptInRange((byte)0, (byte)1)) throw InferenceFault.OfInput(name, "each BOOL must be a byte 0 or 1");
        if (datatype == Datatype.Bytes) return new Tensor(name, datatype, shape, data.ToArray());
        var tensor = Tensor.Rent(name, datatype, shape);
        data.CopyTo(tensor.Data.Span);
        return tensor;
    }

    private static void RequireTexts(string name, long[] shape, long count, ReadOnlySpan<byte> data)
    {
        if (count > TextElements.Most) throw InferenceFault.OfInput(name, $"there may be {TextElements.Most} elements of BYTES, not {count}");
        if (TextElements.Count(data) is not { } present) throw InferenceFault.OfInput(name, "the length of an element goes beyond the end of the data");
        if (present != count) throw InferenceFault.OfInput(name, $"there are {present} elements; the shape {Shapes.Text(shape)} needs {count}");
    }
}
