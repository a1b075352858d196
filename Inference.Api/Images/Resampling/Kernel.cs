namespace ModelPlatform.Inference.Images.Resampling;

/// <summary>
/// What a pixel of the picture weighs by its distance from a pixel of the tensor. Those of libvips: Lanczos with three lobes, stretched by the shrink, for a picture that
/// gets smaller; Catmull-Rom for one that grows.
/// </summary>
internal static class Kernel
{
    private const int Steps = 1024;
    private const int Lobes = 3;

    // Sines are too slow for weights that every picture needs anew.
    private static readonly float[] Lanczos = [.. Enumerable.Range(0, Lobes * Steps + 2).Select(i => (float)LanczosAt((double)i / Steps))];

    /// <summary>How far a pixel reaches, in pixels of the picture.</summary>
    public static double Reach(double shrink) => shrink > 1 ? Lobes * shrink : 2;

    public static float Weight(double distance, double shrink) => shrink > 1 ? LanczosNear(Math.Abs(distance) / shrink) : CatmullRom((float)Math.Abs(distance));

    private static float LanczosNear(double x)
    {
        if (x >= Lobes) return 0;
        var at = x * Steps;
        var before = (int)at;
        return Lanczos[before] + (float)(at - before) * (Lanczos[before + 1] - Lanczos[before]);
    }

    private static double LanczosAt(double x)
    {
        if (x >= Lobes) return 0;
        if (x == 0) return 1;
        var turn = Math.PI * x;
        return Lobes * Math.Sin(turn) * Math.Sin(turn / Lobes) / (turn * turn);
    }

    private static float CatmullRom(float x) => x switch
    {
        < 1 => (1.5f * x - 2.5f) * x * x + 1,
        < 2 => ((-0.5f * x + 2.5f) * x - 4) * x + 2,
        _ => 0,
    };
}
