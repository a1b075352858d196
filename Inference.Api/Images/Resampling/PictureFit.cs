using ModelPlatform.Repository.Manifests;

namespace ModelPlatform.Inference.Images.Resampling;

/// <summary>
/// How a picture comes to lie in a row of the tensor: the same pixels to half a pixel as libvips' thumbnail, gravity and extract_area give them, so that it does not matter
/// who decoded a picture.
/// </summary>
internal readonly record struct PictureFit(AxisFit Across, AxisFit Down)
{
    /// <summary>One side shrinks and the other does not, which libvips does in a way of its own.</summary>
    public bool IsMixed => Across.Shrink > 1 != Down.Shrink > 1;

    public double LargestShrink => Math.Max(Across.Shrink, Down.Shrink);

    public static PictureFit Of(int width, int height, ImagePlan plan)
    {
        var (across, down) = Shrinks(width, height, plan);
        return plan.Fit switch
        {
            ImageFit.Crop => new(AxisFit.Cut(width, across, plan.Resize, plan.Width), AxisFit.Cut(height, down, plan.Resize, plan.Height)),
            _ => new(AxisFit.Whole(width, across, plan.Width), AxisFit.Whole(height, down, plan.Height)),
        };
    }

    /// <summary>
    /// By what a JPEG is shrunk while it is decoded, which is done in blocks and coarse: a factor of two at least is left for the resampling that follows.
    /// </summary>
    public static int ShrinkOnLoad(int width, int height, ImagePlan plan)
    {
        var (across, down) = Shrinks(width, height, plan);
        return Math.Min(across, down) switch { >= 16 => 8, >= 8 => 4, >= 4 => 2, _ => 1 };
    }

    private static (double Across, double Down) Shrinks(int width, int height, ImagePlan plan)
    {
        var (across, down) = plan.Fit == ImageFit.Crop
            ? ((double)width / plan.Resize, (double)height / plan.Resize)
            : ((double)width / plan.Width, (double)height / plan.Height);
        if (plan.Fit == ImageFit.Crop) across = down = Math.Min(across, down);
        if (plan.Fit == ImageFit.Pad) across = down = Math.Max(across, down);
        // No side vanishes.
        return (Math.Min(across, width), Math.Min(down, height));
    }
}
