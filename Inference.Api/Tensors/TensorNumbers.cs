namespace ModelPlatform.Inference.Tensors;

internal static class TensorNumbers
{
    public static bool HoldNaN(this Tensor tensor) => tensor.Datatype.Name switch
    {
        "FP16" => Any<Half>(tensor, Half.IsNaN),
        "FP32" => Any<float>(tensor, float.IsNaN),
        "FP64" => Any<double>(tensor, double.IsNaN),
        "BF16" => Any<ushort>(tensor, bits => (bits & 0x7FFF) > 0x7F80),
        _ => false,
    };

    /// <summary>A tensor of the same form in which every element is one.</summary>
    public static Tensor Ones(this Tensor tensor)
    {
        byte[] one = tensor.Datatype.Name switch
        {
            "FP16" => BitConverter.GetBytes((Half)1),
            "FP32" => BitConverter.GetBytes(1f),
            "FP64" => BitConverter.GetBytes(1d),
            "BF16" => BitConverter.GetBytes((ushort)0x3F80),
            "BYTES" => [1, 0, 0, 0, (byte)'1'],
            _ => [1, .. new byte[tensor.Datatype.Size - 1]],
        };
        var data = new byte[Shapes.Count(tensor.Shape)!.Value * one.Length];
        for (var i = 0; i < data.Length; i++) data[i] = one[i % one.Length];
        return new Tensor(tensor.Name, tensor.Datatype, tensor.Shape, data);
    }

    private static bool Any<T>(Tensor tensor, Func<T, bool> test) where T : unmanaged
    {
        foreach (var element in tensor.Elements<T>())
        {
            if (test(element)) return true;
        }
        return false;
    }
}
