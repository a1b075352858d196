using System.Text.Json;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>Reads one input: its members come in any order, its data as numbers in the JSON or as bytes after it.</summary>
internal static class InputReader
{
    /// <param name="text">What the reader was given, and is given: what is left of it bounds what an input can ask for.</param>
    /// <exception cref="InferenceFault">Names the place in the body and what is wrong there.</exception>
    public static Tensor Read(ref Utf8JsonReader json, string place, ref ReadOnlySpan<byte> text, ref BinaryTail binary)
    {
        json.RequireObject(place);
        string? name = null;
        Datatype? datatype = null;
        long[]? shape = null;
        JsonParameters? parameters = null;
        Tensor? tensor = null;
        Utf8JsonReader later = default;
        ReadOnlySpan<byte> laterText = default;
        var isLater = false;
        while (json.NextMember() is { } member)
        {
            switch (member)
            {
                case "name": JsonText.RequireFirst(name, $"{place}.name"); name = json.Text($"{place}.name"); break;
                case "datatype": JsonText.RequireFirst(datatype, $"{place}.datatype"); datatype = DatatypeAt(ref json, place); break;
                case "shape": JsonText.RequireFirst(shape, $"{place}.shape"); shape = Shape(ref json, place); break;
                case "parameters": JsonText.RequireFirst(parameters, $"{place}.parameters"); parameters = JsonParameters.Read(ref json, $"{place}.parameters"); break;
                case "data" when tensor is not null || isLater: throw JsonText.Twice($"{place}.data");
                case "data" when name is not null && datatype is not null && shape is not null:
                    tensor = JsonTensors.Read(ref json, name, datatype, shape, ref text);
                    break;
                // Only once its shape and type are known.
                case "data": isLater = true; later = json; laterText = text; json.Skip(); break;
                default: json.Skip(); break;
            }
        }
        if (name is null) throw JsonText.Missing($"{place}.name");
        if (datatype is null) throw JsonText.Missing($"{place}.datatype");
        if (shape is null) throw JsonText.Missing($"{place}.shape");
        var isInJson = tensor is not null || isLater;
        if (parameters?.BinaryDataSize is { } bytes)
            return isInJson ? throw JsonText.Wrong($"{place} has both 'data' and binary_data_size.") : BinaryTensors.Read(name, datatype, shape, binary.Take(place, bytes));
        if (!isInJson) throw JsonText.Missing($"{place}.data");
        return tensor ?? JsonTensors.Read(ref later, name, datatype, shape, ref laterText);
    }

    private static Datatype DatatypeAt(ref Utf8JsonReader json, string place)
    {
        var text = json.Text($"{place}.datatype");
        return Datatype.Find(text) ?? throw JsonText.Wrong($"{place}: '{Quoted.Of(text)}' is not a datatype that is served.");
    }

    private static long[] Shape(ref Utf8JsonReader json, string place)
    {
        var shape = new List<long>();
        for (json.RequireArray($"{place}.shape"); json.NextElement();)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out var length)) throw JsonText.Wrong($"{place}.shape must hold integers.");
            shape.Add(shape.Count < Shapes.MaxRank ? length : throw JsonText.Wrong($"{place}.shape has more than {Shapes.MaxRank} dimensions."));
        }
        return [.. shape];
    }
}
