using System.Buffers.Binary;

namespace ModelPlatform.Inference.Execution.Vetting;

/// <summary>One field of a protobuf message: its number and, where it is length-delimited, its content.</summary>
internal readonly ref struct ProtobufField(int number, bool isDelimited, ulong value, ReadOnlySpan<byte> content)
{
    public int Number { get; } = number;

    /// <summary>Of a text or a message any other is passed over by those who know the schema.</summary>
    public bool IsDelimited { get; } = isDelimited;

    public ulong Value { get; } = value;

    public ReadOnlySpan<byte> Content { get; } = content;
}

/// <summary>
/// Walks the fields of a message without knowing its schema (protobuf.dev/programming-guides/encoding). Everything is checked against the end
/// of the bytes at hand: the content comes from strangers.
/// </summary>
internal ref struct ProtobufFields(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <exception cref="UnfitModelException">The bytes are no protobuf message.</exception>
    public bool Next(out ProtobufField field)
    {
        field = default;
        if (_rest.IsEmpty) return false;

        var key = Varint();
        var number = key >> 3;
        if (number is 0 or > int.MaxValue) throw Broken();
        field = (key & 7) switch
        {
            0 => new ProtobufField((int)number, false, Varint(), default),
            1 => new ProtobufField((int)number, false, BinaryPrimitives.ReadUInt64LittleEndian(Take(8)), default),
            2 => new ProtobufField((int)number, true, 0, Take(Varint())),
            5 => new ProtobufField((int)number, false, BinaryPrimitives.ReadUInt32LittleEndian(Take(4)), default),
            _ => throw Broken(),
        };
        return true;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_rest.IsEmpty) throw Broken();
            var octet = _rest[0];
            _rest = _rest[1..];
            value |= (ulong)(octet & 0x7F) << shift;
            if (octet < 0x80) return value;
        }
        throw Broken();
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length) throw Broken();
        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    private static UnfitModelException Broken() => new("The model file is not a valid ONNX file (broken protobuf).");
}
