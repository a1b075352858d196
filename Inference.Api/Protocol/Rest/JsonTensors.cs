using System.Numerics;
using System.Text.Json;
using System.Text.Unicode;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>Between the protocol's JSON form of a tensor, flat or nested row-major arrays of numbers or strings, and ours.</summary>
internal static class JsonTensors
{
    /// <summary>Reads the array at which the reader stands, to its end.</summary>
    /// <param name="text">What the reader was given, and is given: the rest of the body. No small one can ask for a large tensor.</param>
    /// <exception cref="InferenceFault">Names the tensor and what is wrong with its data.</exception>
    public static Tensor Read(ref Utf8JsonReader json, string name, Datatype datatype, long[] shape, ref ReadOnlySpan<byte> text)
    {
        if (Shapes.Count(shape) is not { } count || count * datatype.Size > Array.MaxLength) throw InferenceFault.OfInput(name, $"the shape {Shapes.Text(shape)} is not possible");
        if (json.TokenType != JsonTokenType.StartArray) throw InferenceFault.OfInput(name, "'data' must be an array");

        // Each element takes a character and another that ends it.
        if (count > (text.Length - json.BytesConsumed) / 2) throw InferenceFault.OfInput(name, $"the shape {Shapes.Text(shape)} needs {count} elements; the body is too short to hold them");
        return datatype.Name switch
        {
            "BOOL" => Numbers<byte>(ref json, name, datatype, shape, TryGetBoolean),
            "INT8" => Numbers(ref json, name, datatype, shape, (ref Utf8JsonReader e, out sbyte v) => IsNumber(ref e, out v) && e.TryGetSByte(out v)),
            "INT16" => Numbers(ref json, name, datatype, shape, (ref Utf8JsonReader e, out short v) => IsNumber(ref e, out v) && e.TryGetInt16(out v)),
            "INT32" => Numbers(ref json, name, datatype, shape, (ref Utf8JsonReader e, out int v) => IsNumber(ref e, out v) && e.TryGetInt32(out v)),
            "INT64" => Numbers(ref json, name, datatype, shape, (ref Utf8JsonReader e, out long v) => IsNumber(ref e, out v) && e.TryGetInt64(out v)),
            "UINT8" => Numbers(ref json, name, datatype, shape, (ref Utf8JsonReader e, out byte v) => IsNumber(ref e, out v) && e.TryGetByte(out v)),
            "UINT16" => Numbers(ref json, name, datatype, shape, (ref Utf8JsonReader e, out ushort v) => IsNumber(ref e, out v) && e.TryGetUInt16(out v)),
            "UINT32" => Numbers(ref json, name, datatype, shape, (ref Utf8JsonReader e, out uint v) => IsNumber(ref e, out v) && e.TryGetUInt32(out v)),
            "UINT64" => Numbers(ref json, name, datatype, shape, (ref Utf8JsonReader e, out ulong v) => IsNumber(ref e, out v) && e.TryGetUInt64(out v)),
            "FP32" => TryFlatFloats(ref json, name, shape, ref text) ?? Numbers(ref json, name, datatype, shape, (ref Utf8JsonReader e, out float v) => IsNumber(ref e, out v) && float.IsFinite(v = FloatText.Read(e.ValueSpan))),
            "FP64" => Numbers(ref json, name, datatype, shape, (ref Utf8JsonReader e, out double v) => IsNumber(ref e, out v) && e.TryGetDouble(out v) && double.IsFinite(v)),
            "BYTES" => Texts(ref json, name, shape, count),
            _ => throw InferenceFault.OfInput(name, $"{datatype} has no form in JSON; send it in binary form, with binary_data_size"),
        };
    }

    /// <exception cref="InferenceFault">The tensor cannot be said in JSON.</exception>
    public static void Write(Utf8JsonWriter json, Tensor tensor)
    {
        json.WriteStartArray();
        switch (tensor.Datatype.Name)
        {
            case "BOOL": foreach (var value in tensor.Data.Span) json.WriteBooleanValue(value != 0); break;
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
            case "BYTES": WriteTexts(json, tensor); break;
            default: throw new InferenceFault(FaultKind.InvalidInput, $"Output '{tensor.Name}' is {tensor.Datatype}, which has no form in JSON; ask for it in binary form, with binary_data.");
        }
        json.WriteEndArray();
    }

    private static Tensor Numbers<T>(ref Utf8JsonReader json, string name, Datatype datatype, long[] shape, NumberReader<T> read) where T : unmanaged
    {
        var tensor = Tensor.Rent(name, datatype, shape);
        var taker = new NumberTaker<T>(tensor.Elements<T>(), read);
        new JsonElements(name, datatype, shape).Read(ref json, ref taker);
        return tensor;
    }

    // The reader cannot be moved: one that goes on at the closing bracket takes its place.
    private static Tensor? TryFlatFloats(ref Utf8JsonReader json, string name, long[] shape, ref ReadOnlySpan<byte> text)
    {
        var tensor = Tensor.Rent(name, Datatype.Fp32, shape);
        var inside = text[(int)json.BytesConsumed..];
        var end = FlatFloats.Read(inside, tensor.Elements<float>());
        if (end < 0)
        {
            tensor.Return();
            return null;
        }
        text = inside[end..];
        json = new Utf8JsonReader(text, isFinalBlock: true, json.CurrentState);
        json.Read();
        return tensor;
    }

    private static Tensor Texts(ref Utf8JsonReader json, string name, long[] shape, long count)
    {
        if (count > TextElements.Most) throw InferenceFault.OfInput(name, $"there may be {TextElements.Most} elements of BYTES, not {count}");
        var taker = new TextTaker();
        new JsonElements(name, Datatype.Bytes, shape).Read(ref json, ref taker);
        return new Tensor(name, Datatype.Bytes, shape, taker.ToData());
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

    private static void WriteTexts(Utf8JsonWriter json, Tensor tensor)
    {
        for (ReadOnlySpan<byte> left = tensor.Data.Span; !left.IsEmpty;)
        {
            var text = TextElements.TakeFirst(ref left);
            if (!Utf8.IsValid(text)) throw new InferenceFault(FaultKind.InvalidInput, $"Output '{tensor.Name}' holds bytes that are no text, which JSON cannot say; ask for it in binary form, with binary_data.");
            json.WriteStringValue(text);
        }
    }

    private static InferenceFault NoNumber(Tensor tensor) =>
        new(FaultKind.NoNumber, $"Output '{tensor.Name}' holds NaN or an infinity, which JSON cannot say; ask for it in binary form, with binary_data.");
}
