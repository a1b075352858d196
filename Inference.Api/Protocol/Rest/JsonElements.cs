using System.Text.Json;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>Reads the elements of one tensor: as many as its shape needs, flat or nested.</summary>
internal readonly struct JsonElements(string name, Datatype datatype, long[] shape)
{
    /// <summary>Reads the array at which the reader stands, to its end.</summary>
    /// <exception cref="InferenceFault">They are none, too many or too few, or nested in another way.</exception>
    public void Read<T>(ref Utf8JsonReader json, ref T taker) where T : IElementTaker, allows ref struct
    {
        var count = Shapes.Count(shape)!.Value;
        var at = 0L;
        var ahead = json;
        ahead.Read();
        if (ahead.TokenType == JsonTokenType.StartArray)
        {
            ReadNested(ref json, ref taker, axis: 0, ref at);
            return;
        }
        for (json.Read(); json.TokenType != JsonTokenType.EndArray; json.Read())
        {
            if (at == count) throw Wrong($"there are more elements than the {count} of the shape {Shapes.Text(shape)}");
            Take(ref json, ref taker, ref at);
        }
        if (at != count) throw Wrong($"there are {at} elements; the shape {Shapes.Text(shape)} needs {count}");
    }

    // Nested data must have exactly the form of the shape; flat data need only be as long.
    private void ReadNested<T>(ref Utf8JsonReader json, ref T taker, int axis, ref long at) where T : IElementTaker, allows ref struct
    {
        if (axis >= shape.Length || json.TokenType != JsonTokenType.StartArray) throw WrongNesting();
        var present = 0L;
        for (json.Read(); json.TokenType != JsonTokenType.EndArray; json.Read(), present++)
        {
            if (present == shape[axis]) throw WrongNesting();
            if (axis < shape.Length - 1) ReadNested(ref json, ref taker, axis + 1, ref at);
            else if (json.TokenType == JsonTokenType.StartArray) throw WrongNesting();
            else Take(ref json, ref taker, ref at);
        }
        if (present != shape[axis]) throw WrongNesting();
    }

    private void Take<T>(ref Utf8JsonReader json, ref T taker, ref long at) where T : IElementTaker, allows ref struct
    {
        if (!taker.TryTake(ref json)) throw Wrong($"element {at} is no {datatype}");
        at++;
    }

    private InferenceFault WrongNesting() => Wrong($"the nesting does not have the shape {Shapes.Text(shape)}");

    private InferenceFault Wrong(string reason) => InferenceFault.OfInput(name, reason);
}
