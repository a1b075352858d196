using System.Buffers.Binary;
using Microsoft.ML.OnnxRuntime;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Execution;

/// <summary>Between the runtime's strings and BYTES: it holds each element by itself, so they are copied in and out.</summary>
internal static class TextValues
{
    public static OrtValue ToValue(Tensor tensor)
    {
        var value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, tensor.Shape);
        try
        {
            ReadOnlySpan<byte> left = tensor.Data.Span;
            for (var i = 0; !left.IsEmpty; i++) value.StringTensorSetElementAt(TextElements.TakeFirst(ref left), i);
            return value;
        }
        catch
        {
            value.Dispose();
            throw;
        }
    }

    public static byte[] ToData(OrtValue value, ReadOnlySpan<long> shape)
    {
        var (count, length) = (Shapes.Count(shape)!.Value, 0L);
        for (var i = 0; i < count; i++) length += TextElements.LengthSize + value.GetStringElementAsSpan(i).Length;
        if (length > Array.MaxLength) throw new InferenceFault(FaultKind.Overloaded, "There is not enough memory for this answer.");

        var data = GC.AllocateUninitializedArray<byte>((int)length);
        var left = data.AsSpan();
        for (var i = 0; i < count; i++)
        {
            var text = value.GetStringElementAsSpan(i);
            BinaryPrimitives.WriteUInt32LittleEndian(left, (uint)text.Length);
            text.CopyTo(left[TextElements.LengthSize..]);
            left = left[(TextElements.LengthSize + text.Length)..];
        }
        return data;
    }
}
