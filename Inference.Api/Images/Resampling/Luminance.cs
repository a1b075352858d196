namespace ModelPlatform.Inference.Images.Resampling;

/// <summary>The grey that is as bright as a colour, as libvips takes it: by the light that both give, not by what stands in the file.</summary>
internal static class Luminance
{
    private const int Steps = 4096;

    private static readonly float[] Light = [.. Enumerable.Range(0, 256).Select(sample => (float)LightOf(sample / 255d))];
    private static readonly float[] Grey = [.. Enumerable.Range(0, Steps + 1).Select(step => (float)Math.Round(255 * SampleOf((double)step / Steps)))];

    public static float Of(float red, float green, float blue) =>
        Grey[(int)((0.2126f * Light[Sample(red)] + 0.7152f * Light[Sample(green)] + 0.0722f * Light[Sample(blue)]) * Steps + 0.5f)];

    private static int Sample(float value) => (int)(Math.Clamp(value, 0, 255) + 0.5f);

    private static double LightOf(double sample) => sample <= 0.04045 ? sample / 12.92 : Math.Pow((sample + 0.055) / 1.055, 2.4);

    private static double SampleOf(double light) => light <= 0.0031308 ? light * 12.92 : 1.055 * Math.Pow(light, 1 / 2.4) - 0.055;
}
