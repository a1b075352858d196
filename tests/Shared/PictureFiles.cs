namespace ModelPlatform.Tests.Shared;

/// <summary>
/// Pictures that need an encoder. All but the grey one show the same 32×32 pixels: red (255, 0, 0) and green (0, 200, 0) above blue (0, 0, 150) and dark grey (40, 40, 40).
/// Made once with ImageMagick 6.9 (<c>convert quarters.png -strip -quality 90 -sampling-factor 4:4:4 [-interlace JPEG | -colorspace CMYK | -colorspace Gray]</c>) and
/// with cwebp and webpmux 1.2 (<c>-q 90</c>, <c>-lossless</c>; the second frame of the animations is black or none).
/// </summary>
internal static class PictureFiles
{
    public static byte[] Read(string name) => File.ReadAllBytes(RepositoryRoot.Combine("tests", "Shared", "Pictures", name));

    /// <summary>The same pixels as a PNG of any kind.</summary>
    public static byte[] Quarters(PngColor color, byte depth, bool interlaced = false) => PngFile.Of(32, 32, color, depth, (x, y) => color switch
    {
        PngColor.Palette => [(byte)Quarter(x, y)],
        _ => [.. Palette.Skip(Quarter(x, y) * 3).Take(3).Concat(color == PngColor.Rgba ? [(byte)255] : Array.Empty<byte>()).SelectMany(sample => depth == 16 ? new[] { sample, sample } : [sample])],
    }, interlaced, color == PngColor.Palette ? Palette : null);

    /// <summary>The same JPEG with an orientation in its header: an Exif segment with one entry, tag 0x0112, SHORT, count 1.</summary>
    public static byte[] WithOrientation(byte[] jpeg, byte orientation) =>
    [
        .. jpeg[..2], 0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0, .. jpeg[2..],
    ];

    /// <summary>The same JPEG without its segments of one kind: FF, marker, length (2, itself included), content.</summary>
    public static byte[] WithoutSegments(byte[] jpeg, byte marker)
    {
        var kept = new List<byte>(jpeg[..2]);
        var at = 2;
        for (int length; jpeg[at + 1] != 0xDA; at += length)
        {
            length = 2 + jpeg[at + 2] * 256 + jpeg[at + 3];
            if (jpeg[at + 1] != marker) kept.AddRange(jpeg[at..(at + length)]);
        }
        return [.. kept, .. jpeg[at..]];
    }

    private static readonly byte[] Palette = [255, 0, 0, 0, 200, 0, 0, 0, 150, 40, 40, 40];

    private static int Quarter(int x, int y) => x / 16 + y / 16 * 2;
}
