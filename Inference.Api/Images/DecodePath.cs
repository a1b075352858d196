using ModelPlatform.Inference.Images.Codecs;
using ModelPlatform.Inference.Images.Headers;
using ModelPlatform.Inference.Images.Resampling;

namespace ModelPlatform.Inference.Images;

/// <summary>Which way a picture goes.</summary>
/// <param name="Jpeg">There is a library for it.</param>
/// <param name="Png">There is a library for it.</param>
internal readonly record struct DecodePath(bool Jpeg, bool Png)
{
    // Of a JPEG what is left after the shrink on load lies in memory whole; libvips takes it in strips.
    private const long MostPixelsAtOnce = 8_000_000;

    // Rows of a PNG that one of the tensor is made of are in memory together, about six times as many.
    private const double MostShrink = 32;

    public static DecodePath Available { get; } = new(NativeCodecs.HasTurboJpeg, NativeCodecs.HasSpng);

    public static bool IsFast(PictureHeader header, ImagePlan plan, ImageOptions options, DecodePath available)
    {
        if (!options.FastPath || !header.IsPlain) return false;
        var fit = PictureFit.Of(header.Width, header.Height, plan);
        if (fit.IsMixed) return false;
        if (header.Format == PictureFormat.Png) return available.Png && header.IsStreamed && fit.LargestShrink <= MostShrink;

        var shrink = PictureFit.ShrinkOnLoad(header.Width, header.Height, plan);
        return available.Jpeg && header.Pixels / (shrink * shrink) <= MostPixelsAtOnce && fit.LargestShrink <= MostShrink * shrink;
    }
}
