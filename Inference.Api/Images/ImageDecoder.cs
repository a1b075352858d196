using ModelPlatform.Repository.Manifests;
using NetVips;

namespace ModelPlatform.Inference.Images;

/// <summary>
/// Encoded pictures to interleaved 8-bit pixels of a plan's size: EXIF orientation honoured, transparency flattened to black, the first frame of an animation.
/// </summary>
internal static class ImageDecoder
{
    // The property of thumbnail_buffer is ignored for buffers (libvips issue 5195); the option of the loader is not.
    private const string FailOnError = "[fail_on=error]";

    static ImageDecoder()
    {
        if (!ModuleInitializer.VipsInitialized) throw new InvalidOperationException("libvips could not be started.", ModuleInitializer.Exception);

        // One thread a picture and no cache: requests already run side by side, and cached operations hold on to their buffers.
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;

        // A damaged picture makes hundreds of warnings on standard error; what matters comes as an exception.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, (_, _, _) => { });

        NetVips.NetVips.BlockUntrusted = true;
        Operation.Block("VipsForeignLoad", true);
        Operation.Block("VipsForeignLoadJpeg", false);
        Operation.Block("VipsForeignLoadPng", false);
        Operation.Block("VipsForeignLoadWebp", false);
    }

    /// <returns>Height × width × channels bytes; red, green, blue or grey.</returns>
    /// <exception cref="InferenceFault">The bytes are no picture that is served.</exception>
    public static byte[] Decode(byte[] encoded, ImagePlan plan, ImageOptions limits)
    {
        try
        {
            RequireModest(encoded, plan, limits);
            using var fitted = Fit(encoded, plan);
            using var opaque = fitted.HasAlpha() ? fitted.Flatten() : fitted;
            using var coloured = opaque.Colourspace(plan.Color == ChannelOrder.Gray ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
            using var pixels = coloured.Cast(Enums.BandFormat.Uchar);
            var bytes = pixels.WriteToMemory<byte>();
            return bytes.Length == plan.Elements ? bytes : throw new InferenceFault(FaultKind.InvalidInput, "The picture has an unusual number of channels.");
        }
        catch (VipsException problem)
        {
            throw new InferenceFault(FaultKind.InvalidInput, $"The picture cannot be decoded: {Brief(problem.Message)}");
        }
    }

    private static void RequireModest(byte[] encoded, ImagePlan plan, ImageOptions limits)
    {
        using var header = Image.NewFromBuffer(encoded, access: Enums.Access.Sequential);
        var (width, height) = ((long)header.Width, (long)header.Height);
        if (width * height > limits.MaxPixels) throw TooLarge($"has {width}×{height} pixels", limits.MaxPixels);
        if (width * height > limits.MaxInterlacedPixels && !PictureScan.IsStreamed(encoded))
            throw TooLarge($"is interlaced, progressive or lossless WebP and has {width}×{height} pixels", limits.MaxInterlacedPixels);

        // The crop follows the resize: of a picture of one row, a few hundred bytes, gigabytes would be made only to be cut away.
        if (plan.Fit == ImageFit.Crop && (double)plan.Resize * plan.Resize * Math.Max(width, height) / Math.Min(width, height) > limits.MaxPixels)
            throw TooLarge($"of {width}×{height} pixels is too large once its shorter side has {plan.Resize}", limits.MaxPixels);

        static InferenceFault TooLarge(string how, long limit) => new(FaultKind.TooLarge, $"The picture {how}; the limit is {limit} pixels.");
    }

    private static Image Fit(byte[] encoded, ImagePlan plan)
    {
        switch (plan.Fit)
        {
            case ImageFit.Stretch:
                return Image.ThumbnailBuffer(encoded, plan.Width, FailOnError, height: plan.Height, size: Enums.Size.Force);
            case ImageFit.Pad:
                using (var whole = Image.ThumbnailBuffer(encoded, plan.Width, FailOnError, height: plan.Height, size: Enums.Size.Both))
                    return whole.Gravity(Enums.CompassDirection.Centre, plan.Width, plan.Height, extend: Enums.Extend.Black);
            default:
                // The centre of a square whose side is the shorter side after the resize.
                using (var square = Image.ThumbnailBuffer(encoded, plan.Resize, FailOnError, height: plan.Resize, crop: Enums.Interesting.Centre))
                    return square.ExtractArea((plan.Resize - plan.Width) / 2, (plan.Resize - plan.Height) / 2, plan.Width, plan.Height);
        }
    }

    private static string Brief(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? "unknown format" : lines[^1];
    }
}
