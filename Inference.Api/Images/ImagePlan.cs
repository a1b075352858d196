using ModelPlatform.Repository.Manifests;

namespace ModelPlatform.Inference.Images;

/// <summary>
/// How a picture becomes one row of an input tensor, with nothing left open: fit to <see cref="Width"/> by <see cref="Height"/> pixels,
/// element = pixel × <see cref="Factor"/> + <see cref="Offset"/> of its channel.
/// </summary>
/// <param name="Resize">With <see cref="ImageFit.Crop"/>: the length of the shorter side before the centre is cut out.</param>
internal sealed record ImagePlan(
    string Input, int Width, int Height, int Resize, ImageFit Fit, ChannelOrder Color, TensorLayout Layout, float[] Factor, float[] Offset)
{
    public int Channels => Factor.Length;

    public int Elements => Width * Height * Channels;

    public long[] RowShape => Layout == TensorLayout.Nchw ? [1, Channels, Height, Width] : [1, Height, Width, Channels];
}
