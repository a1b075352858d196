using ModelPlatform.Inference.Images;
using ModelPlatform.Repository.Manifests;

namespace ModelPlatform.Tests.Unit.Inference.Images;

/// <summary>What decoding gives, as pixels.</summary>
internal static class Decoded
{
    /// <summary>Height × width × channels bytes, of a plan that leaves them as they are.</summary>
    public static byte[] Pixels(byte[] encoded, ImagePlan plan, ImageOptions options)
    {
        var interleaved = plan with { Layout = TensorLayout.Nhwc };
        return [.. Row(encoded, interleaved, options).Select(sample => (byte)MathF.Round(sample))];
    }

    public static float[] Row(byte[] encoded, ImagePlan plan, ImageOptions options)
    {
        var row = new float[plan.Elements];
        ImageDecoder.Decode(encoded, plan, options, row);
        return row;
    }

    public static ImagePlan Plan(int width, int height, int resize, ImageFit fit, ChannelOrder color, TensorLayout layout = TensorLayout.Nchw)
    {
        var channels = color == ChannelOrder.Gray ? 1 : 3;
        return new ImagePlan("x", width, height, resize, fit, color, layout, [.. Enumerable.Repeat(1f, channels)], new float[channels]);
    }
}
