using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Manifests;

namespace ModelPlatform.Inference.Images;

/// <summary>Completes what a model.json says about pictures from the graph's own input, and refuses what does not go together.</summary>
internal static class ImagePlanning
{
    private const int DefaultSide = 224;
    private const int DefaultResize = 256;
    private const int MaxSide = 4096;
    private static readonly float[] ImageNetMean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] ImageNetStd = [0.229f, 0.224f, 0.225f];

    /// <summary>
    /// Whether a graph looks as if it took pictures: one float input of rank 4, for one at a time or any number, of a size and with channels that pictures
    /// have. For such a one <see cref="Complete"/> has a plan without anybody's word.
    /// </summary>
    public static bool LooksLikePictures(IReadOnlyList<TensorSpec> inputs)
    {
        if (!IsImageInput(inputs)) return false;
        var (channels, height, width) = AxesOf(LayoutOf(inputs[0]));
        var shape = inputs[0].Shape;
        return shape[0] is -1 or 1 && shape[channels] is -1 or 1 or 3 && IsSide(shape[height]) && IsSide(shape[width]);
    }

    /// <exception cref="UnfitModelException">Names what contradicts what.</exception>
    public static ImagePlan Complete(PreprocessPlan? wish, IReadOnlyList<TensorSpec> inputs)
    {
        if (!IsImageInput(inputs)) throw new UnfitModelException("A classifier of pictures needs exactly one FP32 input of rank 4.");
        var input = inputs[0];
        var layout = wish?.Layout ?? LayoutOf(input);
        var (channelAxis, heightAxis, widthAxis) = AxesOf(layout);
        if (input.Shape[0] is not (-1 or 1)) throw new UnfitModelException($"Input '{input.Name}' has a fixed batch of {input.Shape[0]}; one picture cannot fill it.");

        var color = wish?.Color ?? (input.Shape[channelAxis] == 1 ? ChannelOrder.Gray : ChannelOrder.Rgb);
        var channels = color == ChannelOrder.Gray ? 1 : 3;
        Agree("channels", channels, input, channelAxis);
        var width = wish?.Width ?? SideOf(input, widthAxis);
        var height = wish?.Height ?? SideOf(input, heightAxis);
        Agree("width", width, input, widthAxis);
        Agree("height", height, input, heightAxis);

        // Without a word about pictures the usual recipe of ImageNet classifiers applies; whoever writes a preprocess section says what he wants.
        var usual = wish is null && channels == 3;
        var mean = usual ? ImageNetMean : Widen(wish?.Mean, channels, 0f);
        var std = usual ? ImageNetStd : Widen(wish?.Std, channels, 1f);
        var scale = wish?.Scale ?? PreprocessPlan.DefaultScale;
        var longer = Math.Max(width, height);
        if (wish?.Resize < longer) throw new UnfitModelException($"model.json resizes to {wish.Resize}, which is less than the {width}×{height} that are cut out.");
        return new ImagePlan(input.Name, width, height, wish is null && channels == 3 ? Math.Max(DefaultResize * longer / DefaultSide, longer) : wish?.Resize ?? longer,
            wish?.Fit ?? ImageFit.Crop, color, layout, [.. std.Select(s => scale / s)], [.. mean.Zip(std, (m, s) => -m / s)]);
    }

    private static bool IsImageInput(IReadOnlyList<TensorSpec> inputs) => inputs is [{ Shape.Length: 4 } input] && input.Datatype == Datatype.Fp32;

    private static bool IsSide(long pixels) => pixels is < 0 or (> 0 and <= MaxSide);

    private static (int Channel, int Height, int Width) AxesOf(TensorLayout layout) => layout == TensorLayout.Nchw ? (1, 2, 3) : (3, 1, 2);

    private static TensorLayout LayoutOf(TensorSpec input) =>
        input.Shape[1] is 1 or 3 || input.Shape[3] is not (1 or 3) ? TensorLayout.Nchw : TensorLayout.Nhwc;

    private static int SideOf(TensorSpec input, int axis) => input.Shape[axis] switch
    {
        < 0 => DefaultSide,
        0 or > MaxSide => throw new UnfitModelException($"Input '{input.Name}' has {input.Shape[axis]} pixels along axis {axis}."),
        var side => (int)side,
    };

    private static void Agree(string what, int planned, TensorSpec input, int axis)
    {
        if (input.Shape[axis] >= 0 && input.Shape[axis] != planned)
            throw new UnfitModelException($"model.json plans {planned} {what}, input '{input.Name}' has {input.Shape[axis]} along axis {axis}.");
    }

    private static float[] Widen(IReadOnlyList<float>? numbers, int channels, float otherwise) => numbers switch
    {
        null => [.. Enumerable.Repeat(otherwise, channels)],
        _ when numbers.Count == channels => [.. numbers],
        _ => throw new UnfitModelException($"model.json gives {numbers.Count} numbers for {channels} channels."),
    };
}
