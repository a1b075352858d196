using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ModelPlatform.Tests.Shared;

/// <summary>Writes PNG files of every kind, among them those that no sane program writes.</summary>
internal static class PngFile
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    // Adam7: where each pass begins and how far apart its pixels lie.
    private static readonly (int X, int Y, int Across, int Down)[] Passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    public static byte[] Grey(int width, int height, byte value) => Of(width, height, PngColor.Grey, 8, (_, _) => [value]);

    /// <param name="palette">Red, green and blue of each colour of <see cref="PngColor.Palette"/>.</param>
    /// <param name="pixel">The bytes of the pixel at x, y: samples in order, those of 16 bits with the high byte first.</param>
    public static byte[] Of(int width, int height, PngColor color, byte depth, Func<int, int, byte[]> pixel, bool interlaced = false, byte[]? palette = null)
    {
        var rows = new MemoryStream();
        using (var packed = new ZLibStream(rows, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (var (x0, y0, across, down) in interlaced ? Passes : [(0, 0, 1, 1)])
            {
                for (var y = y0; y < height && x0 < width; y += down)
                {
                    packed.WriteByte(0);
                    for (var x = x0; x < width; x += across) packed.Write(pixel(x, y));
                }
            }
        }
        return Assemble(width, height, color, depth, rows.ToArray(), interlaced, palette);
    }

    /// <summary>So many pixels in a few hundred kilobytes: a header and rows of nothing, one bit a pixel.</summary>
    public static byte[] Bomb(int width, int height, bool interlaced = false)
    {
        var rows = new MemoryStream();
        using (var packed = new ZLibStream(rows, CompressionLevel.Fastest, leaveOpen: true))
        {
            var row = new byte[1 + (width + 7) / 8];
            // Adam7 adds a filter byte for each row of each pass; what is too much is not read.
            for (var y = 0; y < (interlaced ? height * 2 : height); y++) packed.Write(row);
        }
        return Assemble(width, height, PngColor.Grey, 1, rows.ToArray(), interlaced);
    }

    private static byte[] Assemble(int width, int height, PngColor color, byte depth, byte[] data, bool interlaced, byte[]? palette = null)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = (depth, (byte)color, interlaced ? (byte)1 : (byte)0);
        return [.. Signature, .. Chunk("IHDR", header), .. palette is null ? [] : Chunk("PLTE", palette), .. Chunk("IDAT", data), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. content];
        var chunk = new byte[named.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        named.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(named.Length + 4), Crc(named));
        return chunk;
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var octet in bytes)
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        return ~crc;
    }
}

internal enum PngColor : byte
{
    Grey = 0,
    Rgb = 2,
    Palette = 3,
    GreyAlpha = 4,
    Rgba = 6,
}
