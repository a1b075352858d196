using System.Numerics;

namespace ModelPlatform.Inference.Tensors;

internal static class TensorDifference
{
    /// <summary>The largest absolute difference of two tensors of one type and shape; NaN where either has one that the other has not. Texts are equal, or differ as much as can be.</summary>
    public static double Largest(Tensor a, Tensor b) => a.Datatype.Name switch
    {
        "FP32" => Largest<float>(a, b),
        "FP64" => Largest<double>(a, b),
        "FP16" => Largest<Half>(a, b),
        "BF16" => Largest<float>(Widened(a), Widened(b)),
        "INT8" => Largest<sbyte>(a, b),
        "INT16" => Largest<short>(a, b),
        "INT32" => Largest<int>(a, b),
        "INT64" => Largest<long>(a, b),
        "UINT16" => Largest<ushort>(a, b),
        "UINT32" => Largest<uint>(a, b),
        "UINT64" => Largest<ulong>(a, b),
        "BYTES" => a.Data.Span.SequenceEqual(b.Data.Span) ? 0 : double.MaxValue,
        _ => Largest<byte>(a, b),
    };

    private static double Largest<T>(Tensor a, Tensor b) where T : unmanaged, INumber<T>
    {
        var left = a.Elements<T>();
        var right = b.Elements<T>();
        var largest = 0d;
        for (var i = 0; i < left.Length; i++)
        {
            if (left[i] == right[i] || T.IsNaN(left[i]) && T.IsNaN(right[i])) continue;
            var difference = Math.Abs(double.CreateSaturating(left[i]) - double.CreateSaturating(right[i]));
            if (double.IsNaN(difference)) return double.NaN;
            largest = Math.Max(largest, difference);
        }
        return largest;
    }

    // A BF16 is the upper half of an FP32.
    private static Tensor Widened(Tensor tensor)
    {
        var wide = Tensor.Zeros(tensor.Name, Datatype.Fp32, tensor.Shape);
        var halves = tensor.Elements<ushort>();
        for (var i = 0; i < halves.Length; i++) wide.Elements<uint>()[i] = (uint)halves[i] << 16;
        return wide;
    }
}
