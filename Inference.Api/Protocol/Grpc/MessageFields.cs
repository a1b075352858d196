using System.Buffers;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Protocol.Grpc;

internal enum MessageSize
{
    Fits,
    TooManyFields,

    /// <summary>Its packed elements.</summary>
    TooLarge,
}

/// <summary>
/// Counts the fields of an encoded call and of the messages in it, without making anything of them: an empty input takes two bytes on the wire and some
/// hundred in memory, and a small number in a packed field one and eight. Format: protobuf.dev/programming-guides/encoding.
/// </summary>
internal static class MessageFields
{
    /// <summary>More than any call has reason for; the elements of tensors are bounded by themselves.</summary>
    public const int Most = 10_000;

    /// <summary>What is no message at all is left to the parser.</summary>
    /// <param name="mostBytes">Of all packed elements, once they are unpacked.</param>
    public static MessageSize SizeOf(ReadOnlySequence<byte> message, long mostBytes)
    {
        var left = (Most, TextElements.Most, mostBytes);
        return SizeOf(message, level: 1, ref left);
    }

    private static MessageSize SizeOf(ReadOnlySequence<byte> message, int level, ref (int Fields, int Elements, long Bytes) left)
    {
        var reader = new SequenceReader<byte>(message);
        while (TryReadVarint(ref reader, out var tag))
        {
            if ((level < 3 ? --left.Fields : --left.Elements) < 0) return MessageSize.TooManyFields;
            switch (tag & 7)
            {
                case 0: TryReadVarint(ref reader, out _); break;
                case 1: reader.Advance(Math.Min(8, reader.Remaining)); break;
                case 2 when TryReadVarint(ref reader, out var length) && length <= reader.Remaining:
                    var content = reader.UnreadSequence.Slice(0, length);
                    if (HoldsMessage(level, tag >> 3) && SizeOf(content, level + 1, ref left) is var size and not MessageSize.Fits) return size;
                    if (level == 3 && (left.Bytes -= UnpackedBytes(tag >> 3, content)) < 0) return MessageSize.TooLarge;
                    reader.Advance(length);
                    break;
                case 3 or 4: break;   // A group's own fields follow.
                case 5: reader.Advance(Math.Min(4, reader.Remaining)); break;
                default: return MessageSize.Fits;
            }
        }
        return MessageSize.Fits;
    }

    // Numbers of a fixed width are as large on the wire, and texts are not packed.
    private static long UnpackedBytes(uint field, ReadOnlySequence<byte> content) => field switch
    {
        1 => Varints(content),
        2 or 4 => sizeof(int) * Varints(content),
        3 or 5 => sizeof(long) * Varints(content),
        _ => 0,
    };

    // Each ends with its only byte below 0x80.
    private static long Varints(ReadOnlySequence<byte> packed)
    {
        var ends = 0L;
        foreach (var piece in packed)
        {
            foreach (var octet in piece.Span) ends += ~octet >> 7 & 1;
        }
        return ends;
    }

    // Of a ModelInferRequest its parameters, inputs and outputs, and of an input its contents. Texts and tensors in raw form look like anything.
    private static bool HoldsMessage(int level, uint field) => level switch
    {
        1 => field is 4 or 5 or 6,
        2 => field is 5,
        _ => false,
    };

    // Of tags and lengths parsers read the lower 32 bits, whatever comes above.
    private static bool TryReadVarint(ref SequenceReader<byte> reader, out uint value)
    {
        var read = 0UL;
        value = 0;
        for (var shift = 0; shift < 64 && reader.TryRead(out var next); shift += 7)
        {
            read |= (ulong)(next & 127) << shift;
            value = (uint)read;
            if (next < 128) return true;
        }
        return false;
    }
}
