using ModelPlatform.Inference;
using ModelPlatform.Inference.Images;
using ModelPlatform.Repository.Manifests;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Unit.Inference.Images;

public sealed class ImageDecoderTests
{
    private static readonly ImageOptions Limits = new();
    private static readonly ImagePlan Grey = Plan(28, 28, ImageFit.Crop, ChannelOrder.Gray);
    private static readonly ImagePlan Rgb = Plan(28, 28, ImageFit.Crop, ChannelOrder.Rgb);

    public static TheoryData<string, byte[], byte[]> Kinds => new()
    {
        { "grey", PngFile.Grey(40, 30, 200), [200, 200, 200] },
        { "16-bit grey", Flat(PngColor.Grey, 16, [0x80, 0x00]), [128, 128, 128] },
        { "grey and alpha", Flat(PngColor.GreyAlpha, 8, [200, 255]), [200, 200, 200] },
        { "transparent", Flat(PngColor.GreyAlpha, 8, [200, 0]), [0, 0, 0] },
        { "16-bit grey and alpha", Flat(PngColor.GreyAlpha, 16, [0x80, 0, 0xFF, 0xFF]), [128, 128, 128] },
        { "RGB", Flat(PngColor.Rgb, 8, [10, 100, 200]), [10, 100, 200] },
        { "16-bit RGB", Flat(PngColor.Rgb, 16, [10, 0, 100, 0, 200, 0]), [10, 100, 200] },
        { "RGBA", Flat(PngColor.Rgba, 8, [10, 100, 200, 255]), [10, 100, 200] },
        { "16-bit RGBA", Flat(PngColor.Rgba, 16, [10, 0, 100, 0, 200, 0, 0xFF, 0xFF]), [10, 100, 200] },
        { "interlaced", PngFile.Of(41, 33, PngColor.Rgb, 8, (_, _) => [10, 100, 200], interlaced: true), [10, 100, 200] },
        { "one pixel", PngFile.Of(1, 1, PngColor.Rgb, 8, (_, _) => [10, 100, 200]), [10, 100, 200] },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_png_becomes_the_same_kind_of_pixels(string kind, byte[] picture, byte[] colour)
    {
        foreach (var fit in Enum.GetValues<ImageFit>().Where(fit => fit != ImageFit.Pad))
        {
            var pixels = Decoded.Pixels(picture, Plan(28, 20, fit, ChannelOrder.Rgb), Limits);
            Assert.Equal(28 * 20 * 3, pixels.Length);
            for (var i = 0; i < pixels.Length; i++) Assert.True(Math.Abs(pixels[i] - colour[i % 3]) <= 1, $"{kind}, {fit}: {pixels[i]} instead of {colour[i % 3]} at {i}");
        }
        Assert.Equal(28 * 28, Decoded.Pixels(picture, Grey, Limits).Length);
    }

    [Fact]
    public void The_rest_of_a_padded_picture_is_black()
    {
        var pixels = Decoded.Pixels(PngFile.Grey(40, 20, 255), Plan(28, 28, ImageFit.Pad, ChannelOrder.Gray), Limits);
        Assert.Equal((0, 255, 0), (pixels[0], pixels[14 * 28 + 14], pixels[^1]));
    }

    [Fact]
    public void The_orientation_in_a_jpeg_is_honoured_also_where_a_crop_follows()
    {
        var upright = File.ReadAllBytes(RepositoryRoot.Combine("samples", "fashion", "images", "ankle-boot-large.jpg"));
        var before = Decoded.Pixels(upright, Grey, Limits);
        var after = Decoded.Pixels(PictureFiles.WithOrientation(upright, 6), Grey, Limits);

        var difference = Enumerable.Range(0, before.Length).Average(i => Math.Abs(after[i] - before[(27 - i % 28) * 28 + i / 28]));
        Assert.InRange(difference, 0, 2);
    }

    // Either would fill the memory: the first as it is, the others once their short side is as long as the model wants it.
    [Theory]
    [InlineData(1001, 1000)]
    [InlineData(1, 2000)]
    [InlineData(2000, 1)]
    public void A_picture_that_is_or_becomes_too_large_is_refused_by_its_header(int width, int height)
    {
        var fault = Assert.Throws<InferenceFault>(() => Decoded.Pixels(PngFile.Grey(width, height, 1), Rgb, new ImageOptions { MaxPixels = 1_000_000 }));
        Assert.Equal(FaultKind.TooLarge, fault.Kind);
        Assert.Contains($"{width}×{height}", fault.Message, StringComparison.Ordinal);
    }

    // Whole in memory, however small it is wanted: 9 bytes a pixel and seconds of a core.
    [Fact]
    public void A_picture_that_cannot_be_decoded_row_by_row_has_a_lower_limit()
    {
        var limits = new ImageOptions { MaxInterlacedPixels = 1000 };
        foreach (var (name, whole, streamed) in new[]
        {
            ("PNG", PictureFiles.Quarters(PngColor.Rgb, 8, interlaced: true), PictureFiles.Quarters(PngColor.Rgb, 8)),
            ("JPEG", PictureFiles.Read("progressive.jpg"), PictureFiles.Read("baseline.jpg")),
            ("WebP", PictureFiles.Read("lossless.webp"), PictureFiles.Read("lossy.webp")),
        })
        {
            Assert.Equal(Rgb.Elements, Decoded.Pixels(whole, Rgb, Limits).Length);
            Assert.Equal(Rgb.Elements, Decoded.Pixels(streamed, Rgb, limits).Length);
            var fault = Assert.Throws<InferenceFault>(() => Decoded.Pixels(whole, Rgb, limits));
            Assert.True(fault.Kind == FaultKind.TooLarge && fault.Message.Contains("32×32", StringComparison.Ordinal) && fault.Message.Contains("1000", StringComparison.Ordinal), $"{name}: {fault.Message}");
        }
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public void A_truncated_picture_is_refused(double part)
    {
        var random = new Random(1);
        var png = PngFile.Of(64, 64, PngColor.Rgb, 8, (_, _) => [(byte)random.Next(256), 1, 2]);
        var jpeg = File.ReadAllBytes(RepositoryRoot.Combine("samples", "fashion", "images", "ankle-boot-large.jpg"));
        foreach (var whole in new[] { png, jpeg })
        {
            var fault = Assert.Throws<InferenceFault>(() => Decoded.Pixels(whole[..(int)(whole.Length * part)], Rgb, Limits));
            Assert.Equal(FaultKind.InvalidInput, fault.Kind);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")]
    [InlineData("GIF89a\u0001\0\u0001\0")]
    [InlineData("P6 1 1 255 abc")]
    public void Other_formats_are_refused(string text)
    {
        var fault = Assert.Throws<InferenceFault>(() => Decoded.Pixels(System.Text.Encoding.Latin1.GetBytes(text), Rgb, Limits));
        Assert.Equal(FaultKind.InvalidInput, fault.Kind);
    }

    private static byte[] Flat(PngColor color, byte depth, byte[] pixel) => PngFile.Of(40, 30, color, depth, (_, _) => pixel);

    private static ImagePlan Plan(int width, int height, ImageFit fit, ChannelOrder color) => Decoded.Plan(width, height, Math.Max(width, height), fit, color);
}
