using ModelPlatform.Repository.Manifests;

namespace ModelPlatform.Inference.Images;

/// <summary>Interleaved 8-bit pixels to normalised floats in the order of the tensor.</summary>
internal static class PixelPacking
{
    /// <param name="pixels">Height × width × channels bytes; three channels are red, green, blue.</param>
    /// <param name="row">As many floats.</param>
    public static void Fill(ReadOnlySpan<byte> pixels, ImagePlan plan, Span<float> row)
    {
        var channels = plan.Channels;
        var (step, plane) = plan.Layout == TensorLayout.Nchw ? (1, plan.Width * plan.Height) : (channels, 1);
        for (var channel = 0; channel < channels; channel++)
        {
            // Factor and offset are in the order of the tensor's channels; pixels are always red, green, blue.
            var source = plan.Color == ChannelOrder.Bgr ? channels - 1 - channel : channel;
            var (factor, offset) = (plan.Factor[channel], plan.Offset[channel]);
            for (int from = source, to = channel * plane; from < pixels.Length; from += channels, to += step)
                row[to] = pixels[from] * factor + offset;
        }
    }
}
