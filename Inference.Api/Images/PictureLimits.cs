using ModelPlatform.Repository.Manifests;

namespace ModelPlatform.Inference.Images;

/// <summary>What a picture costs is told from its header, before a pixel is decoded.</summary>
internal static class PictureLimits
{
    /// <exception cref="InferenceFault">It has, or would come to have, more pixels than are decoded.</exception>
    public static void Require(long width, long height, bool isStreamed, ImagePlan plan, ImageOptions limits)
    {
        if (width * height > limits.MaxPixels) throw TooLarge($"has {width}×{height} pixels", limits.MaxPixels);
        if (width * height > limits.MaxInterlacedPixels && !isStreamed)
            throw TooLarge($"is interlaced, progressive or lossless WebP and has {width}×{height} pixels", limits.MaxInterlacedPixels);

        // The crop follows the resize: of a picture of one row, a few hundred bytes, gigabytes would be made only to be cut away.
        if (plan.Fit == ImageFit.Crop && (double)plan.Resize * plan.Resize * Math.Max(width, height) / Math.Min(width, height) > limits.MaxPixels)
            throw TooLarge($"of {width}×{height} pixels is too large once its shorter side has {plan.Resize}", limits.MaxPixels);

        static InferenceFault TooLarge(string how, long limit) => new(FaultKind.TooLarge, $"The picture {how}; the limit is {limit} pixels.");
    }
}
