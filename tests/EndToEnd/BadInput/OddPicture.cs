using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.BadInput;

/// <param name="Colours">Red, green and blue of the four quarters.</param>
/// <param name="Tolerance">In levels of 255: the resize rings at the edges, and CMYK goes through a profile.</param>
internal sealed record OddPicture(string Kind, string MediaType, byte[] Bytes, byte[] Colours, double Tolerance = 14)
{
    private static readonly byte[] AsMade = [255, 0, 0, 0, 200, 0, 0, 0, 150, 40, 40, 40];
    private static readonly byte[] TurnedRight = [0, 0, 150, 255, 0, 0, 40, 40, 40, 0, 200, 0];

    public static IReadOnlyList<OddPicture> All { get; } =
    [
        new("RGB PNG", "image/png", PictureFiles.Quarters(PngColor.Rgb, 8), AsMade),
        new("16-bit PNG", "image/png", PictureFiles.Quarters(PngColor.Rgb, 16), AsMade),
        new("RGBA PNG", "image/png", PictureFiles.Quarters(PngColor.Rgba, 8), AsMade),
        new("palette PNG", "image/png", PictureFiles.Quarters(PngColor.Palette, 8), AsMade),
        new("interlaced PNG", "image/png", PictureFiles.Quarters(PngColor.Rgb, 8, interlaced: true), AsMade),
        new("16-bit grey PNG", "image/png", PngFile.Of(32, 32, PngColor.Grey, 16, (_, _) => [0x80, 0]), [.. Enumerable.Repeat((byte)128, 12)]),
        new("JPEG", "image/jpeg", PictureFiles.Read("baseline.jpg"), AsMade),
        new("progressive JPEG", "image/jpeg", PictureFiles.Read("progressive.jpg"), AsMade),
        new("rotated JPEG", "image/jpeg", PictureFiles.WithOrientation(PictureFiles.Read("baseline.jpg"), 6), TurnedRight),
        new("grey JPEG", "image/jpeg", PictureFiles.Read("grey.jpg"), [54, 54, 54, 143, 143, 143, 11, 11, 11, 40, 40, 40]),
        new("CMYK JPEG", "image/jpeg", PictureFiles.Read("cmyk.jpg"), AsMade, Tolerance: 100),
        new("WebP", "image/webp", PictureFiles.Read("lossy.webp"), AsMade),
        new("lossless WebP", "image/webp", PictureFiles.Read("lossless.webp"), AsMade),
        new("animated WebP", "image/webp", PictureFiles.Read("animated.webp"), AsMade),
    ];

    /// <summary>What the model 'quarters' should answer for a label such as "green top right".</summary>
    public double Expected(string label)
    {
        var channel = new[] { "red ", "green ", "blue " }.Select(label.StartsWith).ToList().IndexOf(true);
        var place = new[] { "top left", "top right", "bottom left", "bottom right" }.Select(label.EndsWith).ToList().IndexOf(true);
        return Colours[place * 3 + channel] / 255d;
    }
}
