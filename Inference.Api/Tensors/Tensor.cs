using System.Buffers;
using System.Runtime.InteropServices;

namespace ModelPlatform.Inference.Tensors;

/// <summary>A named dense tensor: row-major little-endian elements without padding, as many as the product of the shape; BYTES as <see cref="TextElements"/> says.</summary>
internal sealed class Tensor
{
    private byte[]? _rented;

    public Tensor(string name, Datatype datatype, long[] shape, byte[] data) : this(name, datatype, shape, data.AsMemory())
    {
    }

    private Tensor(string name, Datatype datatype, long[] shape, Memory<byte> data)
    {
        if (Shapes.Count(shape) is not { } count || (datatype == Datatype.Bytes ? count * datatype.Size > data.Length : count * datatype.Size != data.Length))
            throw new ArgumentException($"Tensor '{name}' of {datatype} [{string.Join(',', shape)}] cannot hold {data.Length} bytes.", nameof(data));
        (Name, Datatype, Shape, Data) = (name, datatype, shape, data);
    }

    public string Name { get; }

    public Datatype Datatype { get; }

    public long[] Shape { get; }

    public Memory<byte> Data { get; private set; }

    /// <summary>The elements without a copy; the caller knows the type.</summary>
    public Span<T> Elements<T>() where T : unmanaged => MemoryMarshal.Cast<byte, T>(Data.Span);

    /// <summary>Of zeros, or of empty texts.</summary>
    public static Tensor Zeros(string name, Datatype datatype, long[] shape) => new(name, datatype, shape, new byte[LengthOf(datatype, shape)]);

    /// <summary>
    /// In memory that was used before and holds anything: whoever rents it writes every element. A picture's tensor is a large object, and one for each
    /// request would keep the garbage collector busier than the runtime. One that nobody returns is collected like any other.
    /// </summary>
    public static Tensor Rent(string name, Datatype datatype, long[] shape)
    {
        var length = LengthOf(datatype, shape);
        var rented = ArrayPool<byte>.Shared.Rent(length);
        return new Tensor(name, datatype, shape, rented.AsMemory(0, length)) { _rented = rented };
    }

    /// <summary>Ends a rented tensor, the first time: nobody may be reading it any more, and it has no elements from now on.</summary>
    public void Return()
    {
        if (Interlocked.Exchange(ref _rented, null) is not { } rented) return;
        Data = default;
        ArrayPool<byte>.Shared.Return(rented);
    }

    private static int LengthOf(Datatype datatype, long[] shape) => checked((int)(Shapes.Count(shape)!.Value * datatype.Size));
}
