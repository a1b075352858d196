using ModelPlatform.Inference.Images;
using ModelPlatform.Repository.Manifests;

namespace ModelPlatform.Tests.Unit.Inference.Images;

public sealed class PixelPackingTests
{
    // Two pixels: red 1, green 2, blue 3 and red 4, green 5, blue 6.
    private static readonly byte[] Pixels = [1, 2, 3, 4, 5, 6];

    [Theory]
    [InlineData(ChannelOrder.Rgb, TensorLayout.Nchw, new float[] { 1, 4, 2, 5, 3, 6 })]
    [InlineData(ChannelOrder.Bgr, TensorLayout.Nchw, new float[] { 3, 6, 2, 5, 1, 4 })]
    [InlineData(ChannelOrder.Rgb, TensorLayout.Nhwc, new float[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData(ChannelOrder.Bgr, TensorLayout.Nhwc, new float[] { 3, 2, 1, 6, 5, 4 })]
    public void Channels_and_layout_say_where_a_value_goes(ChannelOrder color, TensorLayout layout, float[] expected)
    {
        var row = new float[6];
        PixelPacking.Fill(Pixels, Plan(color, layout, [1, 1, 1], [0, 0, 0]), row);
        Assert.Equal(expected, row);
    }

    [Fact]
    public void Factor_and_offset_follow_the_order_of_the_tensor()
    {
        var row = new float[6];
        PixelPacking.Fill(Pixels, Plan(ChannelOrder.Bgr, TensorLayout.Nhwc, [10, 100, 1000], [1, 2, 3]), row);
        Assert.Equal([31, 202, 1003, 61, 502, 4003], row);
    }

    private static ImagePlan Plan(ChannelOrder color, TensorLayout layout, float[] factor, float[] offset) =>
        new("image", 2, 1, 2, ImageFit.Stretch, color, layout, factor, offset);
}
