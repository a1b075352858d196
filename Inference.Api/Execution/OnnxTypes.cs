using Microsoft.ML.OnnxRuntime;
using ModelPlatform.Inference.Tensors;
using TensorElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace ModelPlatform.Inference.Execution;

/// <summary>Between ONNX Runtime's element types and the protocol's.</summary>
internal static class OnnxTypes
{
    private static readonly Dictionary<TensorElementType, Datatype> Known = new()
    {
        [TensorElementType.Bool] = Datatype.Bool,
        [TensorElementType.UInt8] = Datatype.Uint8,
        [TensorElementType.UInt16] = Datatype.Uint16,
        [TensorElementType.UInt32] = Datatype.Uint32,
        [TensorElementType.UInt64] = Datatype.Uint64,
        [TensorElementType.Int8] = Datatype.Int8,
        [TensorElementType.Int16] = Datatype.Int16,
        [TensorElementType.Int32] = Datatype.Int32,
        [TensorElementType.Int64] = Datatype.Int64,
        [TensorElementType.Float16] = Datatype.Fp16,
        [TensorElementType.BFloat16] = Datatype.Bf16,
        [TensorElementType.Float] = Datatype.Fp32,
        [TensorElementType.Double] = Datatype.Fp64,
        [TensorElementType.String] = Datatype.Bytes,
    };

    private static readonly Dictionary<Datatype, TensorElementType> Reverse = Known.ToDictionary(pair => pair.Value, pair => pair.Key);

    public static TensorElementType ElementTypeOf(Datatype datatype) => Reverse[datatype];

    public static TensorSpec SpecOf(string name, NodeMetadata node)
    {
        if (!node.IsTensor) throw new UnfitModelException($"'{name}' is no tensor.");
        if (!Known.TryGetValue(node.ElementDataType, out var datatype))
            throw new UnfitModelException($"'{name}' has elements of type {node.ElementDataType}, which is not served.");
        var spec = new TensorSpec(name, datatype, [.. node.Dimensions.Select(dimension => dimension < 0 ? -1L : dimension)]);
        if (!(Shapes.Count([.. spec.Shape.Where(dimension => dimension >= 0)]) * datatype.Size <= Array.MaxLength))
            throw new UnfitModelException($"'{name}' {Shapes.Text(spec.Shape)} is larger than any tensor that can be sent.");
        return spec;
    }

    public static Tensor Copy(TensorSpec spec, OrtValue value)
    {
        var shape = value.GetTensorTypeAndShape().Shape;
        return new Tensor(spec.Name, spec.Datatype, shape, spec.Datatype == Datatype.Bytes ? TextValues.ToData(value, shape) : value.GetTensorMutableRawData().ToArray());
    }

    public static Tensor[] Split(TensorSpec spec, OrtValue value, IReadOnlyList<int> rows)
    {
        var shape = value.GetTensorTypeAndShape().Shape;
        return TensorRows.Split(spec.Name, spec.Datatype, shape, spec.Datatype == Datatype.Bytes ? TextValues.ToData(value, shape) : value.GetTensorMutableRawData(), rows);
    }
}
