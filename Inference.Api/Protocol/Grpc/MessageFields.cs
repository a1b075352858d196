using System.Buffers;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Protocol.Grpc;

/// <summary>
/// Counts the fields of an encoded call and of the messages in it, without making anything of them: an empty input takes two bytes on the wire and some
/// hundred in memory. Format: protobuf.dev/programming-guides/encoding.
/// </summary>
internal static class MessageFields
{
    /// <summary>More than any call has reason for; the elements of tensors are bounded by themselves.</summary>
    public const int Most = 10_000;

    /// <summary>What is no message at all is left to the parser.</summary>
    public static bool AreFew(ReadOnlySequence<byte> message)
    {
        var left = (Most, TextElements.Most);
        return AreFew(message, level: 1, ref left);
    }

    private static bool AreFew(ReadOnlySequence<byte> message, int level, ref (int Fields, int Elements) left)
    {
        var reader = new SequenceReader<byte>(message);
        while (TryReadVarint(ref reader, out var tag))
        {
            if ((level < 3 ? --left.Fields : --left.Elements) < 0) return false;
            switch (tag & 7)
            {
                case 0: TryReadVarint(ref reader, out _); break;
                case 1: reader.Advance(Math.Min(8, reader.Remaining)); break;
                case 2 when TryReadVarint(ref reader, out var length) && length <= reader.Remaining:
                    if (HoldsMessage(level, tag >> 3) && !AreFew(reader.UnreadSequence.Slice(0, length), level + 1, ref left)) return false;
                    reader.Advance(length);
                    break;
                case 3 or 4: break;   // A group's own fields follow.
                case 5: reader.Advance(Math.Min(4, reader.Remaining)); break;
                default: return true;
            }
        }
        return true;
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
