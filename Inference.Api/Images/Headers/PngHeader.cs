using System.Buffers.Binary;

namespace ModelPlatform.Inference.Images.Headers;

/// <summary>Reads the chunks of a PNG: length (4), type (4), content, checksum (4).</summary>
internal static class PngHeader
{
    // A decoder may stop at so many; who writes more does not do it for the picture.
    private const int MaxChunks = 10_000;
    private const int Grey = 0, Colours = 2;

    public static PictureHeader? Read(ReadOnlySpan<byte> rest)
    {
        // Width (4), height (4), bits of a sample, kind of colour, compression, filter, interlacing.
        if (rest.Length < 25 || BinaryPrimitives.ReadUInt32BigEndian(rest) != 13 || !rest[4..8].SequenceEqual("IHDR"u8)) return null;
        var header = rest[8..21];
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header[4..]));
        if (width <= 0 || height <= 0) return null;
        var (areChunksPlain, hasTransparency) = Look(rest[25..]);
        var depth = header[8];
        return new PictureHeader(
            PictureFormat.Png, width, height, IsStreamed: header[12] == 0, Samples(header[9], depth, hasTransparency), IsPlain: depth <= 8 && areChunksPlain);
    }

    private static int Samples(byte kind, byte depth, bool hasTransparency) => kind switch
    {
        Grey when depth == 8 && !hasTransparency => 1,
        Colours when depth == 8 && !hasTransparency => 3,
        _ => 4,
    };

    // Exif and compressed texts are left to whoever knows them; what is not whole, too. Profiles do not matter: libvips' thumbnail keeps the numbers.
    private static (bool ArePlain, bool HasTransparency) Look(ReadOnlySpan<byte> rest)
    {
        var (hasTransparency, hasPalette) = (false, false);
        for (var i = 0; i < MaxChunks && rest.Length >= 12; i++)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - 12) break;
            var type = rest[4..8];
            if (type.SequenceEqual("IEND"u8)) return (true, hasTransparency);
            if (type.SequenceEqual("tRNS"u8)) hasTransparency = true;
            else if (!IsPlain(type)) break;
            // Of two the libraries take different ones.
            if (type.SequenceEqual("PLTE"u8))
            {
                if (hasPalette) break;
                hasPalette = true;
            }
            rest = rest[(int)(12 + length)..];
        }
        return (false, hasTransparency);
    }

    private static bool IsPlain(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("IDAT"u8) || type.SequenceEqual("PLTE"u8) || type.SequenceEqual("gAMA"u8) || type.SequenceEqual("cHRM"u8) || type.SequenceEqual("sRGB"u8) || type.SequenceEqual("iCCP"u8)
        || type.SequenceEqual("pHYs"u8) || type.SequenceEqual("tIME"u8) || type.SequenceEqual("tEXt"u8) || type.SequenceEqual("bKGD"u8) || type.SequenceEqual("sBIT"u8);
}
