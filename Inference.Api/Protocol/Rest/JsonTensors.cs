using System.Numerics;
using System.Text.Json;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>Between the protocol's JSON form of a tensor, flat or nested row-major arrays of numbers, and ours.</summary>
internal static class JsonTensors
{
    /// <exception cref="InferenceFault">Names the tensor and what is wrong with its data.</exception>
    public static Tensor Read(string name, Datatype datatype, long[] shape, JsonElement data)
    {
        if (Shapes.Count(shape) is not { } count || count * datatype.Size > Array.MaxLength)
            throw Wrong(name, $"the shape {Shapes.Text(shape)} is not possible");

        // Every number takes at least two characters of the body, so that a small body cannot ask for a large tensor.
        var present = CountNumbers(name, data, shape, 0);
        if (present != count) throw Wrong(name, $"there are {present} elements; the shape {Shapes.Text(shape)} needs {count}");
        var tensor = Tensor.Zeros(name, datatype, shape);
        switch (datatype.Name)
        {
            case "BOOL": Fill<byte>(tensor, data, TryGetBoolean); break;
            case "INT8": Fill(tensor, data, (JsonElement e, out sbyte v) => IsNumber(e, out v) && e.TryGetSByte(out v)); break;
            case "INT16": Fill(tensor, data, (JsonElement e, out short v) => IsNumber(e, out v) && e.TryGetInt16(out v)); break;
            case "INT32": Fill(tensor, data, (JsonElement e, out int v) => IsNumber(e, out v) && e.TryGetInt32(out v)); break;
            case "INT64": Fill(tensor, data, (JsonElement e, out long v) => IsNumber(e, out v) && e.TryGetInt64(out v)); break;
            case "UINT8": Fill(tensor, data, (JsonElement e, out byte v) => IsNumber(e, out v) && e.TryGetByte(out v)); break;
            case "UINT16": Fill(tensor, data, (JsonElement e, out ushort v) => IsNumber(e, out v) && e.TryGetUInt16(out v)); break;
            case "UINT32": Fill(tensor, data, (JsonElement e, out uint v) => IsNumber(e, out v) && e.TryGetUInt32(out v)); break;
            case "UINT64": Fill(tensor, data, (JsonElement e, out ulong v) => IsNumber(e, out v) && e.TryGetUInt64(out v)); break;
            case "FP32": Fill(tensor, data, (JsonElement e, out float v) => IsNumber(e, out v) && e.TryGetSingle(out v) && float.IsFinite(v)); break;
            case "FP64": Fill(tensor, data, (JsonElement e, out double v) => IsNumber(e, out v) && e.TryGetDouble(out v) && double.IsFinite(v)); break;
            default: throw Wrong(name, $"{datatype} has no form in JSON");
        }
        return tensor;
    }

    /// <exception cref="InferenceFault">The tensor cannot be said in JSON.</exception>
    public static void Write(Utf8JsonWriter json, Tensor tensor)
    {
        json.WriteStartArray();
        switch (tensor.Datatype.Name)
        {
            case "BOOL": foreach (var value in tensor.Data) json.WriteBooleanValue(value != 0); break;
            case "INT8": WriteIntegers<sbyte>(json, tensor); break;
            case "INT16": WriteIntegers<short>(json, tensor); break;
            case "INT32": WriteIntegers<int>(json, tensor); break;
            case "INT64": WriteIntegers<long>(json, tensor); break;
            case "UINT8": WriteIntegers<byte>(json, tensor); break;
            case "UINT16": WriteIntegers<ushort>(json, tensor); break;
            case "UINT32": WriteIntegers<uint>(json, tensor); break;
            case "UINT64": foreach (var value in tensor.Elements<ulong>()) json.WriteNumberValue(value); break;
            case "FP32": foreach (var value in tensor.Elements<float>()) json.WriteNumberValue(float.IsFinite(value) ? value : throw NoNumber(tensor)); break;
            case "FP64": foreach (var value in tensor.Elements<double>()) json.WriteNumberValue(double.IsFinite(value) ? value : throw NoNumber(tensor)); break;
            default: throw new InferenceFault(FaultKind.InvalidInput, $"Output '{tensor.Name}' is {tensor.Datatype}, which has no form in JSON.");
        }
        json.WriteEndArray();
    }

    private delegate bool Reader<T>(JsonElement element, out T value);

    private static void Fill<T>(Tensor tensor, JsonElement data, Reader<T> read) where T : unmanaged
    {
        var at = 0;
        FillFrom(data);

        void FillFrom(JsonElement array)
        {
            var isInner = IsNested(array);
            foreach (var element in array.EnumerateArray())
            {
                if (isInner) FillFrom(element);
                else if (read(element, out var value)) tensor.Elements<T>()[at++] = value;
                else throw Wrong(tensor.Name, $"element {at} is no {tensor.Datatype}");
            }
        }
    }

    // The readers of the serializer throw on other kinds of values.
    private static bool IsNumber<T>(JsonElement element, out T value) where T : struct
    {
        value = default;
        return element.ValueKind == JsonValueKind.Number;
    }

    private static bool TryGetBoolean(JsonElement element, out byte value)
    {
        value = element.ValueKind == JsonValueKind.True ? (byte)1 : (byte)0;
        return element.ValueKind is JsonValueKind.True or JsonValueKind.False;
    }

    private static bool IsNested(JsonElement array) => array.GetArrayLength() > 0 && array[0].ValueKind == JsonValueKind.Array;

    // Nested data must have exactly the form of the shape; flat data need only be as long.
    private static long CountNumbers(string name, JsonElement data, long[] shape, int axis)
    {
        if (data.ValueKind != JsonValueKind.Array) throw Wrong(name, "'data' must be an array");
        var length = data.GetArrayLength();
        if (!IsNested(data))
            return axis == 0 || axis == shape.Length - 1 && length == shape[axis] ? length : throw Wrong(name, $"the nesting does not have the shape {Shapes.Text(shape)}");

        if (axis >= shape.Length - 1 || length != shape[axis]) throw Wrong(name, $"the nesting does not have the shape {Shapes.Text(shape)}");
        return data.EnumerateArray().Sum(inner => CountNumbers(name, inner, shape, axis + 1));
    }

    private static void WriteIntegers<T>(Utf8JsonWriter json, Tensor tensor) where T : unmanaged, IBinaryInteger<T>
    {
        foreach (var value in tensor.Elements<T>()) json.WriteNumberValue(long.CreateChecked(value));
    }

    private static InferenceFault NoNumber(Tensor tensor) =>
        new(FaultKind.Internal, $"Output '{tensor.Name}' holds NaN or an infinity, which JSON cannot say.");

    private static InferenceFault Wrong(string tensor, string reason) =>
        new(FaultKind.InvalidInput, $"Input '{Repository.Naming.Quoted.Of(tensor)}': {reason}.");
}
