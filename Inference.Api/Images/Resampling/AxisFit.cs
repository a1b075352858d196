namespace ModelPlatform.Inference.Images.Resampling;

/// <summary>How one side of a picture comes to lie in a row of the tensor.</summary>
/// <param name="Source">Pixels of the picture.</param>
/// <param name="Shrink">So many of them become one; below 1 for a picture that grows.</param>
/// <param name="First">Of the resized picture, the first pixel that is kept.</param>
/// <param name="Count">How many are kept.</param>
/// <param name="Target">Where the first of them lies; what is around them stays black.</param>
internal readonly record struct AxisFit(int Source, double Shrink, int First, int Count, int Target)
{
    /// <summary>Pixels of the resized picture.</summary>
    public int Resized => (int)Math.Round(Source / Shrink, MidpointRounding.AwayFromZero);

    public bool IsIdentity => Shrink == 1;

    /// <summary>Where the centre of a kept pixel lies among the centres of the picture's.</summary>
    // As libvips has it: what rounding leaves over is left on both sides alike, and a picture that grows lies half a pixel of the tensor to the side.
    public double CentreOf(int kept) => Shrink > 1
        ? (First + kept + 0.5) * Shrink - 0.5 + (Source - Resized * Shrink) / 2
        : (First + kept) * Shrink - 0.5;

    /// <summary>The middle of the resized side, cut to <paramref name="square"/> and then to <paramref name="kept"/> pixels.</summary>
    public static AxisFit Cut(int source, double shrink, int square, int kept)
    {
        var whole = new AxisFit(source, shrink, 0, kept, 0);
        return whole with { First = (whole.Resized - square) / 2 + (square - kept) / 2 };
    }

    /// <summary>The whole of the resized side, in the middle of <paramref name="room"/> pixels.</summary>
    public static AxisFit Whole(int source, double shrink, int room)
    {
        var whole = new AxisFit(source, shrink, 0, 0, 0);
        return whole with { Count = whole.Resized, Target = (room - whole.Resized) / 2 };
    }
}
