using System.Numerics;
using System.Text.Json;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>Between the protocol's JSON form of a tensor, flat or nested row-major arrays of numbers, and ours.</summary>
internal static class JsonTensors
{
    /// <summary>Reads the array at which the reader stands, to its end.</summary>
    /// <param name="room">Bytes that are left of the body: no small one can ask for a large tensor.</param>
    /// <exception cref="InferenceFault">Names the tensor and what is wrong with its data.</exception>
    public static Tensor Read(ref Utf8JsonReader json, string name, Datatype datatype, long[] shape, long room)
    {
        if (Shapes.Count(shape) is not { } count || count * datatype.Size > Array.MaxLength) throw InferenceFault.OfInput(name, $"the shape {Shapes.Text(shape)} is not possible");
        if (json.TokenType != JsonTokenType.StartArray) throw InferenceFault.OfInput(name, "'data' must be an array");

        // Each element takes a character and another that ends it.
        if (count > room / 2) throw InferenceFault.OfInput(name, $"the shape {Shapes.Text(shape)} needs {count} elements; the body is too short to hold them");
        var tensor = Tensor.Zeros(name, datatype, shape);
        switch (datatype.Name)
        {
            case "BOOL": Fill<byte>(ref json, tensor, TryGetBoolean); break;
            case "INT8": Fill(ref json, tensor, (ref Utf8JsonReader e, out sbyte v) => IsNumber(ref e, out v) && e.TryGetSByte(out v)); break;
            case "INT16": Fill(ref json, tensor, (ref Utf8JsonReader e, out short v) => IsNumber(ref e, out v) && e.TryGetInt16(out v)); break;
            case "INT32": Fill(ref json, tensor, (ref Utf8JsonReader e, out int v) => IsNumber(ref e, out v) && e.TryGetInt32(out v)); break;
            case "INT64": Fill(ref json, tensor, (ref Utf8JsonReader e, out long v) => IsNumber(ref e, out v) && e.TryGetInt64(out v)); break;
            case "UINT8": Fill(ref json, tensor, (ref Utf8JsonReader e, out byte v) => IsNumber(ref e, out v) && e.TryGetByte(out v)); break;
            case "UINT16": Fill(ref json, tensor, (ref Utf8JsonReader e, out ushort v) => IsNumber(ref e, out v) && e.TryGetUInt16(out v)); break;
            case "UINT32": Fill(ref json, tensor, (ref Utf8JsonReader e, out uint v) => IsNumber(ref e, out v) && e.TryGetUInt32(out v)); break;
            case "UINT64": Fill(ref json, tensor, (ref Utf8JsonReader e, out ulong v) => IsNumber(ref e, out v) && e.TryGetUInt64(out v)); break;
            case "FP32": Fill(ref json, tensor, (ref Utf8JsonReader e, out float v) => IsNumber(ref e, out v) && e.TryGetSingle(out v) && float.IsFinite(v)); break;
            case "FP64": Fill(ref json, tensor, (ref Utf8JsonReader e, out double v) => IsNumber(ref e, out v) && e.TryGetDouble(out v) && double.IsFinite(v)); break;
            default: throw InferenceFault.OfInput(name, $"{datatype} has no form in JSON; send it in binary form, with binary_data_size");
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
            case "BYTES": for (ReadOnlySpan<byte> left = tensor.Data; !left.IsEmpty;) json.WriteStringValue(TextElements.TakeFirst(ref left)); break;
            default: throw new InferenceFault(FaultKind.InvalidInput, $"Output '{tensor.Name}' is {tensor.Datatype}, which has no form in JSON; ask for it in binary form, with binary_data.");
        }
        json.WriteEndArray();
    }

    private delegate bool Reader<T>(ref Utf8JsonReader json, out T value);

    private static void Fill<T>(ref Utf8JsonReader json, Tensor tensor, Reader<T> read) where T : unmanaged
    {
        var ahead = json;
        ahead.Read();
        if (ahead.TokenType == JsonTokenType.StartArray)
        {
            var filled = 0;
            FillNested(ref json, tensor, read, axis: 0, ref filled);
            return;
        }
        var elements = tensor.Elements<T>();
        var at = 0;
        for (json.Read(); json.TokenType != JsonTokenType.EndArray; json.Read())
        {
            if (at == elements.Length) throw InferenceFault.OfInput(tensor.Name, $"there are more elements than the {elements.Length} of the shape {Shapes.Text(tensor.Shape)}");
            Take(ref json, tensor, read, elements, ref at);
        }
        if (at != elements.Length) throw InferenceFault.OfInput(tensor.Name, $"there are {at} elements; the shape {Shapes.Text(tensor.Shape)} needs {elements.Length}");
    }

    // Nested data must have exactly the form of the shape; flat data need only be as long.
    private static void FillNested<T>(ref Utf8JsonReader json, Tensor tensor, Reader<T> read, int axis, ref int at) where T : unmanaged
    {
        if (axis >= tensor.Shape.Length || json.TokenType != JsonTokenType.StartArray) throw WrongNesting(tensor);
        var elements = tensor.Elements<T>();
        var present = 0L;
        for (json.Read(); json.TokenType != JsonTokenType.EndArray; json.Read(), present++)
        {
            if (present == tensor.Shape[axis]) throw WrongNesting(tensor);
            if (axis < tensor.Shape.Length - 1) FillNested(ref json, tensor, read, axis + 1, ref at);
            else if (json.TokenType == JsonTokenType.StartArray) throw WrongNesting(tensor);
            else Take(ref json, tensor, read, elements, ref at);
        }
        if (present != tensor.Shape[axis]) throw WrongNesting(tensor);
    }

    private static void Take<T>(ref Utf8JsonReader json, Tensor tensor, Reader<T> read, Span<T> elements, ref int at) where T : unmanaged
    {
        if (!read(ref json, out var value)) throw InferenceFault.OfInput(tensor.Name, $"element {at} is no {tensor.Datatype}");
        elements[at++] = value;
    }

    // The reader throws on other kinds of values.
    private static bool IsNumber<T>(ref Utf8JsonReader json, out T value) where T : struct
    {
        value = default;
        return json.TokenType == JsonTokenType.Number;
    }

    private static bool TryGetBoolean(ref Utf8JsonReader json, out byte value)
    {
        value = json.TokenType == JsonTokenType.True ? (byte)1 : (byte)0;
        return json.TokenType is JsonTokenType.True or JsonTokenType.False;
    }

    private static void WriteIntegers<T>(Utf8JsonWriter json, Tensor tensor) where T : unmanaged, IBinaryInteger<T>
    {
        foreach (var value in tensor.Elements<T>()) json.WriteNumberValue(long.CreateChecked(value));
    }

    private static InferenceFault WrongNesting(Tensor tensor) => InferenceFault.OfInput(tensor.Name, $"the nesting does not have the shape {Shapes.Text(tensor.Shape)}");

    private static InferenceFault NoNumber(Tensor tensor) =>
        new(FaultKind.Internal, $"Output '{tensor.Name}' holds NaN or an infinity, which JSON cannot say.");
}
