using System.Buffers.Binary;

namespace ModelPlatform.Inference.Images.Headers;

/// <summary>Reads the segments of a JPEG up to its first scan: FF, marker, length (2, itself included), content.</summary>
internal static class JpegHeader
{
    // Those before the frame header hold thumbnails and profiles, split into pieces of 64 kB.
    private const int MaxSegments = 1000;

    private const byte Baseline = 0xC0, Extended = 0xC1, Progressive = 0xC2, HuffmanTables = 0xC4, Scan = 0xDA, QuantizationTables = 0xDB, RestartInterval = 0xDD;
    private const byte Exif = 0xE1, Adobe = 0xEE, LastApplication = 0xEF, FirstApplication = 0xE0, Comment = 0xFE;

    // Markers without a length would let a picture show this scan another frame than the decoder finds; so would a second frame.
    public static PictureHeader? Read(ReadOnlySpan<byte> rest)
    {
        PictureHeader? frame = null;
        var (components, isUpright, exifs, isUsual) = (0, true, 0, true);
        for (var i = 0; i < MaxSegments && rest.Length >= 5 && rest[0] == 0xFF; i++)
        {
            var (marker, length) = (rest[1], BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) + 2);
            if (marker == Scan)
            {
                return frame is not { } found ? null : found with
                {
                    // What has its components one after the other is in memory whole.
                    IsStreamed = found.IsStreamed && rest[4] == components,
                    IsPlain = found.IsPlain && isUpright && exifs <= 1 && (isUsual || found.Samples == 1),
                };
            }
            if (length > rest.Length || length < 4) return null;
            var content = rest[4..length];
            switch (marker)
            {
                case Baseline or Extended or Progressive:
                    if (frame is not null || Frame(marker, content) is not { } read) return null;
                    (frame, components) = (read, content[5]);
                    break;
                case Exif when content.StartsWith("Exif\0"u8):
                    exifs++;
                    isUpright = content.Length > 6 && ExifOrientation.IsUpright(content[6..]);
                    break;
                // It says how three colours are coded: 1 for YCbCr, as without it.
                case Adobe when content.StartsWith("Adobe"u8):
                    isUsual = content.Length > 11 && content[11] == 1;
                    break;
                case HuffmanTables or QuantizationTables or RestartInterval or Comment or (>= FirstApplication and <= LastApplication): break;
                default: return null;
            }
            rest = rest[length..];
        }
        return null;
    }

    // Precision, height (2), width (2), number of components, three bytes for each of them.
    private static PictureHeader? Frame(byte marker, ReadOnlySpan<byte> content)
    {
        if (content.Length < 6 || content.Length != 6 + 3 * content[5]) return null;
        var (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(content[1..]), BinaryPrimitives.ReadUInt16BigEndian(content[3..]));
        if (width == 0 || height == 0) return null;
        return new PictureHeader(PictureFormat.Jpeg, width, height, IsStreamed: marker != Progressive, Samples: content[5], IsPlain: content[0] == 8 && content[5] is 1 or 3);
    }
}
