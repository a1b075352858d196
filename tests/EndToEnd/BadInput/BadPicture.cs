using System.Buffers.Binary;
using System.Text;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.BadInput;

/// <param name="Status">Of <c>classify</c>.</param>
/// <param name="Score">Of <c>/score</c>, which is told no media type.</param>
internal sealed record BadPicture(string Kind, string? MediaType, byte[] Bytes, int Status, int Score)
{
    private const string Svg = "<svg xmlns='http://www.w3.org/2000/svg' width='30000' height='30000'><rect width='9' height='9'/></svg>";

    public static IReadOnlyList<BadPicture> All { get; } =
    [
        new("truncated PNG", "image/png", Half(PictureFiles.Quarters(PngColor.Rgb, 8)), 400, 400),
        new("truncated JPEG", "image/jpeg", Half(PictureFiles.Read("baseline.jpg")), 400, 400),
        new("truncated WebP", "image/webp", Half(PictureFiles.Read("lossy.webp")), 400, 400),
        new("fake PNG", "image/png", [0x89, .. "PNG\r\n\u001a\nand no more"u8], 400, 400),
        new("fake JPEG", "image/jpeg", [0xFF, 0xD8, 0xFF, 0xE0, .. new byte[400]], 400, 400),
        new("SVG", "image/svg+xml", Encoding.ASCII.GetBytes(Svg), 415, 400),
        new("SVG as PNG", "image/png", Encoding.ASCII.GetBytes(Svg), 400, 400),
        new("TIFF", "image/tiff", Tiff(), 415, 400),
        new("TIFF as JPEG", "image/jpeg", Tiff(), 400, 400),
        new("GIF", "image/gif", PictureFiles.Read("animated.gif"), 415, 400),
        new("GIF as WebP", "image/webp", PictureFiles.Read("animated.gif"), 400, 400),
        new("30000×30000 PNG", "image/png", PngFile.Bomb(30_000, 30_000), 413, 413),
        new("interlaced 12000×12000 PNG", "image/png", PngFile.Bomb(12_000, 12_000, interlaced: true), 413, 413),
        new("interlaced 5000×5000 PNG", "image/png", PngFile.Bomb(5_000, 5_000, interlaced: true), 413, 413),
        new("100 bytes", "image/png", new byte[100], 400, 400),
        new("empty", "image/png", [], 400, 400),
        new("wrong media type", "text/plain", PictureFiles.Quarters(PngColor.Rgb, 8), 415, 200),
        new("no media type", null, PictureFiles.Quarters(PngColor.Rgb, 8), 415, 200),
    ];

    private static byte[] Half(byte[] whole) => whole[..(whole.Length / 2)];

    // One grey pixel: header, one directory of tags (each: number, type, count, value), the pixel.
    private static byte[] Tiff()
    {
        (ushort Tag, int Value)[] tags = [(256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 8 + 2 + 9 * 12 + 4), (277, 1), (278, 1), (279, 1)];
        var file = new byte[8 + 2 + tags.Length * 12 + 4 + 1];
        ((ReadOnlySpan<byte>)[(byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0, (byte)tags.Length]).CopyTo(file);
        for (var i = 0; i < tags.Length; i++)
        {
            var entry = file.AsSpan(10 + i * 12);
            BinaryPrimitives.WriteUInt16LittleEndian(entry, tags[i].Tag);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], 4);
            BinaryPrimitives.WriteInt32LittleEndian(entry[4..], 1);
            BinaryPrimitives.WriteInt32LittleEndian(entry[8..], tags[i].Value);
        }
        return file;
    }
}
