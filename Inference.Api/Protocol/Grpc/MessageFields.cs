using System.Buffers;

namespace ModelPlatform.Inference.Protocol.Grpc;

/// <summary>
/// Counts the fields of an encoded call and of the messages in it, without making anything of them: an empty input takes two bytes on the wire and some
/// hundred in memory. Format: protobuf.dev/programming-guides/encoding.
/// </summary>
internal static class MessageFields
{
    /// <summary>More than any call has reason for; the elements of tensors lie deeper and are not counted.</summary>
    public const int Most = 10_000;

    /// <summary>What is no message at all is left to the parser.</summary>
    public static bool AreFew(ReadOnlySequence<byte> message)
    {
        var left = Most;
        return AreFew(message, isInner: false, ref left);
    }

    private static bool AreFew(ReadOnlySequence<byte> message, bool isInner, ref int left)
    {
        var reader = new SequenceReader<byte>(message);
        while (TryReadVarint(ref reader, out var tag))
        {
            if (--left < 0) return false;
            switch (tag & 7)
            {
                case 0: TryReadVarint(ref reader, out _); break;
                case 1: reader.Advance(Math.Min(8, reader.Remaining)); break;
                case 2 when TryReadVarint(ref reader, out var length) && length <= (ulong)reader.Remaining:
                    if (!isInner && HoldsMessages(tag >> 3) && !AreFew(reader.UnreadSequence.Slice(0, (long)length), isInner: true, ref left)) return false;
                    reader.Advance((long)length);
                    break;
                case 3 or 4: break;   // A group's own fields follow.
                case 5: reader.Advance(Math.Min(4, reader.Remaining)); break;
                default: return true;
            }
        }
        return true;
    }

    // Of a ModelInferRequest: parameters, inputs and outputs. Texts and tensors in raw form look like anything.
    private static bool HoldsMessages(ulong field) => field is 4 or 5 or 6;

    private static bool TryReadVarint(ref SequenceReader<byte> reader, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64 && reader.TryRead(out var next); shift += 7)
        {
            value |= (ulong)(next & 127) << shift;
            if (next < 128) return true;
        }
        return false;
    }
}
