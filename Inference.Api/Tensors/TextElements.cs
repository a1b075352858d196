using System.Buffers.Binary;
using System.Text;

namespace ModelPlatform.Inference.Tensors;

/// <summary>Tensors of BYTES: each element is its length in four bytes and then itself, here UTF-8.</summary>
internal static class TextElements
{
    public static Tensor ToTensor(string name, long[] shape, IReadOnlyCollection<string> texts)
    {
        var data = new byte[texts.Sum(text => sizeof(int) + Encoding.UTF8.GetByteCount(text))];
        var left = data.AsSpan();
        foreach (var text in texts)
        {
            var length = Encoding.UTF8.GetBytes(text, left[sizeof(int)..]);
            BinaryPrimitives.WriteInt32LittleEndian(left, length);
            left = left[(sizeof(int) + length)..];
        }
        return new Tensor(name, Datatype.Bytes, shape, data);
    }

    /// <summary>The first element, and what comes after it.</summary>
    public static ReadOnlySpan<byte> TakeFirst(ref ReadOnlySpan<byte> data)
    {
        var end = sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(data);
        var first = data[sizeof(int)..end];
        data = data[end..];
        return first;
    }
}
