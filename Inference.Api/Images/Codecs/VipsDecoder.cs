using ModelPlatform.Inference.Images.Headers;
using ModelPlatform.Repository.Manifests;
using NetVips;

namespace ModelPlatform.Inference.Images.Codecs;

/// <summary>Decoding with libvips: every format that is served, and every picture that is not plain.</summary>
internal static class VipsDecoder
{
    // The property of thumbnail_buffer is ignored for buffers (libvips issue 5195); the option of the loader is not.
    private const string FailOnError = "[fail_on=error]";

    static VipsDecoder()
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
        PictureLimits.Require(header.Width, header.Height, PictureScan.IsStreamed(encoded), plan, limits);
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
