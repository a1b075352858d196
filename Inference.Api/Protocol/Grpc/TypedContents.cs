using System.Numerics;
using System.Runtime.InteropServices;
using Google.Protobuf.Collections;
using ModelPlatform.Inference.Protocol.Grpc.Wire;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Protocol.Grpc;

/// <summary>The elements of a tensor in the field of their type, 8 and 16 bits in the field of 32.</summary>
internal static class TypedContents
{
    /// <exception cref="InferenceFault">Names the tensor and why the elements cannot be its data.</exception>
    public static Tensor Read(string name, Datatype datatype, long[] shape, InferTensorContents contents)
    {
        if (Shapes.Count(shape) is not { } count) throw InferenceFault.OfInput(name, $"the shape {Shapes.Text(shape)} is not possible");
        var (field, sent) = FieldOf(name, datatype, contents);
        if (sent != CountOf(contents)) throw InferenceFault.OfInput(name, $"the elements of {datatype} go into {field}, and no other contents may be there");
        // Before memory is taken for a shape that nobody sent the elements of.
        if (sent != count) throw InferenceFault.OfInput(name, $"there are {sent} elements in {field}; the shape {Shapes.Text(shape)} needs {count}");
        if (datatype == Datatype.Bytes) return TextElements.ToTensor(name, shape, [.. contents.BytesContents.Select(element => element.Memory)]);
        var tensor = Tensor.Rent(name, datatype, shape);
        Fill(tensor, contents);
        return tensor;
    }

    /// <summary>The elements of whatever type.</summary>
    public static int CountOf(InferTensorContents contents) =>
        contents.BoolContents.Count + contents.IntContents.Count + contents.Int64Contents.Count + contents.UintContents.Count + contents.Uint64Contents.Count
        + contents.Fp32Contents.Count + contents.Fp64Contents.Count + contents.BytesContents.Count;

    private static void Fill(Tensor tensor, InferTensorContents contents)
    {
        switch (tensor.Datatype.Name)
        {
            case "BOOL": Copy(contents.BoolContents, MemoryMarshal.Cast<byte, bool>(tensor.Data.Span)); break;
            case "INT8": Narrow<int, sbyte>(contents.IntContents, tensor); break;
            case "INT16": Narrow<int, short>(contents.IntContents, tensor); break;
            case "INT32": Copy(contents.IntContents, tensor.Elements<int>()); break;
            case "INT64": Copy(contents.Int64Contents, tensor.Elements<long>()); break;
            case "UINT8": Narrow<uint, byte>(contents.UintContents, tensor); break;
            case "UINT16": Narrow<uint, ushort>(contents.UintContents, tensor); break;
            case "UINT32": Copy(contents.UintContents, tensor.Elements<uint>()); break;
            case "UINT64": Copy(contents.Uint64Contents, tensor.Elements<ulong>()); break;
            case "FP32": Copy(contents.Fp32Contents, tensor.Elements<float>()); break;
            case "FP64": Copy(contents.Fp64Contents, tensor.Elements<double>()); break;
        }
    }

    private static (string Field, int Sent) FieldOf(string name, Datatype datatype, InferTensorContents contents) => datatype.Name switch
    {
        "BOOL" => ("bool_contents", contents.BoolContents.Count),
        "INT8" or "INT16" or "INT32" => ("int_contents", contents.IntContents.Count),
        "INT64" => ("int64_contents", contents.Int64Contents.Count),
        "UINT8" or "UINT16" or "UINT32" => ("uint_contents", contents.UintContents.Count),
        "UINT64" => ("uint64_contents", contents.Uint64Contents.Count),
        "FP32" => ("fp32_contents", contents.Fp32Contents.Count),
        "FP64" => ("fp64_contents", contents.Fp64Contents.Count),
        "BYTES" => ("bytes_contents", contents.BytesContents.Count),
        _ => throw InferenceFault.OfInput(name, $"{datatype} has no typed contents; send all inputs in raw_input_contents"),
    };

    private static void Copy<T>(RepeatedField<T> sent, Span<T> elements)
    {
        for (var i = 0; i < elements.Length; i++) elements[i] = sent[i];
    }

    private static void Narrow<TSent, T>(RepeatedField<TSent> sent, Tensor tensor) where TSent : IBinaryInteger<TSent> where T : unmanaged, IBinaryInteger<T>
    {
        var elements = tensor.Elements<T>();
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = T.CreateTruncating(sent[i]);
            if (TSent.CreateTruncating(elements[i]) != sent[i]) throw InferenceFault.OfInput(tensor.Name, $"element {i} is no {tensor.Datatype}");
        }
    }
}
