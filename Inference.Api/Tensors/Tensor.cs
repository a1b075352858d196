using System.Runtime.InteropServices;

namespace ModelPlatform.Inference.Tensors;

/// <summary>A named dense tensor: row-major little-endian elements without padding, as many as the product of the shape; BYTES as <see cref="TextElements"/> says.</summary>
internal sealed record Tensor
{
    public Tensor(string name, Datatype datatype, long[] shape, byte[] data)
    {
        if (Shapes.Count(shape) is not { } count || (datatype == Datatype.Bytes ? count * datatype.Size > data.Length : count * datatype.Size != data.Length))
            throw new ArgumentException($"Tensor '{name}' of {datatype} [{string.Join(',', shape)}] cannot hold {data.Length} bytes.", nameof(data));
        (Name, Datatype, Shape, Data) = (name, datatype, shape, data);
    }

    public string Name { get; }

    public Datatype Datatype { get; }

    public long[] Shape { get; }

    public byte[] Data { get; }

    /// <summary>The elements without a copy; the caller knows the type.</summary>
    public Span<T> Elements<T>() where T : unmanaged => MemoryMarshal.Cast<byte, T>(Data.AsSpan());

    /// <summary>Of zeros, or of empty texts.</summary>
    public static Tensor Zeros(string name, Datatype datatype, long[] shape) =>
        new(name, datatype, shape, new byte[checked((int)(Shapes.Count(shape)!.Value * datatype.Size))]);
}
