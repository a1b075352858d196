using System.Buffers.Binary;

namespace ModelPlatform.Inference.Images;

/// <summary>
/// Tells from its first bytes whether a picture can be decoded row by row. Interlaced PNG, progressive JPEG and lossless WebP lie in memory whole, however
/// small they are wanted; so does, for want of proof, what is not clearly of another kind.
/// </summary>
internal static class PictureScan
{
    // Those before the frame header hold thumbnails and profiles, split into pieces of 64 kB.
    private const int MaxSegments = 1000;

    public static bool IsStreamed(ReadOnlySpan<byte> encoded) => encoded switch
    {
        [0xFF, 0xD8, ..] => IsStreamedJpeg(encoded[2..]),
        [0x89, (byte)'P', ..] => encoded.Length > 28 && encoded[12..16].SequenceEqual("IHDR"u8) && encoded[28] == 0,
        [(byte)'R', (byte)'I', ..] => encoded.Length > 16 && encoded[12..16].SequenceEqual("VP8 "u8),
        _ => false,
    };

    // FF, marker, length (2, itself included), content. Baseline and extended frames (C0, C1) are streamed if their first scan (DA) has all components.
    // Markers without a length would let a picture show this scan another frame than the decoder finds.
    private static bool IsStreamedJpeg(ReadOnlySpan<byte> rest)
    {
        var components = 0;
        for (var i = 0; i < MaxSegments && rest.Length >= 5 && rest[0] == 0xFF; i++)
        {
            var (marker, length) = (rest[1], BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) + 2);
            if (marker == 0xDA) return rest[4] == components;
            if (length > rest.Length || marker is not (0xC0 or 0xC1 or 0xC4 or 0xDB or 0xDD or 0xFE or >= 0xE0 and <= 0xEF)) return false;
            if (marker is 0xC0 or 0xC1 && length > 9) components = rest[9];
            rest = rest[length..];
        }
        return false;
    }
}
