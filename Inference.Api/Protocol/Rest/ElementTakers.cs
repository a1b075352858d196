using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>Takes the elements of a tensor out of JSON, one after the other.</summary>
internal interface IElementTaker
{
    /// <returns>False where the reader does not stand at such an element.</returns>
    bool TryTake(ref Utf8JsonReader json);
}

internal delegate bool NumberReader<T>(ref Utf8JsonReader json, out T value);

/// <summary>Numbers go where the tensor holds them.</summary>
internal ref struct NumberTaker<T>(Span<T> elements, NumberReader<T> read) : IElementTaker
{
    private Span<T> _left = elements;

    public bool TryTake(ref Utf8JsonReader json)
    {
        if (!read(ref json, out var value)) return false;
        _left[0] = value;
        _left = _left[1..];
        return true;
    }
}

/// <summary>Strings become bytes with their length before them.</summary>
internal sealed class TextTaker : IElementTaker
{
    private readonly ArrayBufferWriter<byte> _data = new();

    public byte[] ToData() => _data.WrittenSpan.ToArray();

    public bool TryTake(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String) return false;
        // Unescaped it is no longer.
        var room = _data.GetSpan(TextElements.LengthSize + json.ValueSpan.Length);
        try
        {
            var length = json.CopyString(room[TextElements.LengthSize..]);
            BinaryPrimitives.WriteUInt32LittleEndian(room, (uint)length);
            _data.Advance(TextElements.LengthSize + length);
            return true;
        }
        // A lone surrogate, or bytes that are no UTF-8.
        catch (InvalidOperationException) { return false; }
    }
}
