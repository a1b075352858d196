using System.Buffers.Binary;
using System.Text;

namespace ModelPlatform.Inference.Tensors;

/// <summary>Tensors of BYTES: each element is its length in four bytes, little-endian, and then itself, mostly UTF-8.</summary>
internal static class TextElements
{
    public const int LengthSize = sizeof(uint);

    /// <summary>The runtime takes tens of bytes for each, however short: no small body may ask for much memory.</summary>
    public const int Most = 1 << 20;

    public static Tensor ToTensor(string name, long[] shape, IReadOnlyCollection<string> texts)
    {
        var data = new byte[texts.Sum(text => LengthSize + Encoding.UTF8.GetByteCount(text))];
        var left = data.AsSpan();
        foreach (var text in texts)
        {
            var length = Encoding.UTF8.GetBytes(text, left[LengthSize..]);
            BinaryPrimitives.WriteUInt32LittleEndian(left, (uint)length);
            left = left[(LengthSize + length)..];
        }
        return new Tensor(name, Datatype.Bytes, shape, data);
    }

    public static Tensor ToTensor(string name, long[] shape, ReadOnlySpan<byte> only)
    {
        var data = new byte[LengthSize + only.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(data, (uint)only.Length);
        only.CopyTo(data.AsSpan(LengthSize));
        return new Tensor(name, Datatype.Bytes, shape, data);
    }

    /// <summary>The first element, and what comes after it.</summary>
    public static ReadOnlySpan<byte> TakeFirst(ref ReadOnlySpan<byte> data)
    {
        var end = LengthSize + (int)BinaryPrimitives.ReadUInt32LittleEndian(data);
        var first = data[LengthSize..end];
        data = data[end..];
        return first;
    }

    /// <summary>How many elements there are; null where a length goes beyond the end.</summary>
    public static int? Count(ReadOnlySpan<byte> data)
    {
        var count = 0;
        for (; !data.IsEmpty; count++)
        {
            if (data.Length < LengthSize || BinaryPrimitives.ReadUInt32LittleEndian(data) > data.Length - LengthSize) return null;
            TakeFirst(ref data);
        }
        return count;
    }

    /// <summary>The bytes that so many elements take from the beginning.</summary>
    public static int LengthOf(ReadOnlySpan<byte> data, long count)
    {
        var left = data;
        for (var i = 0L; i < count; i++) TakeFirst(ref left);
        return data.Length - left.Length;
    }
}
