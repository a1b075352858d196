using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Images;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Manifests;

namespace ModelPlatform.Tests.Unit.Inference.Images;

public sealed class ImagePlanningTests
{
    [Fact]
    public void A_colour_classifier_without_words_gets_the_usual_ImageNet_recipe()
    {
        var plan = ImagePlanning.Complete(null, [Input(-1, 3, 224, 224)]);
        Assert.Equal((224, 224, 256), (plan.Width, plan.Height, plan.Resize));
        Assert.Equal((ImageFit.Crop, ChannelOrder.Rgb, TensorLayout.Nchw), (plan.Fit, plan.Color, plan.Layout));
        Assert.Equal((0 - 0.485f) / 0.229f, plan.Offset[0], 5);
        Assert.Equal((1 - 0.406f) / 0.225f, 255 * plan.Factor[2] + plan.Offset[2], 5);
    }

    [Fact]
    public void A_grey_classifier_without_words_gets_scaled_pixels()
    {
        var plan = ImagePlanning.Complete(null, [Input(-1, 1, 28, 28)]);
        Assert.Equal((28, 28, 28, ChannelOrder.Gray), (plan.Width, plan.Height, plan.Resize, plan.Color));
        Assert.Equal((1f / 255, 0f), (Assert.Single(plan.Factor), Assert.Single(plan.Offset)));
    }

    [Fact]
    public void Free_sides_are_224() => Assert.Equal(224, ImagePlanning.Complete(null, [Input(-1, 3, -1, -1)]).Width);

    [Fact]
    public void Channels_last_are_recognised()
    {
        var plan = ImagePlanning.Complete(null, [Input(-1, 96, 64, 3)]);
        Assert.Equal((TensorLayout.Nhwc, 64, 96), (plan.Layout, plan.Width, plan.Height));
        Assert.Equal([1, 96, 64, 3], plan.RowShape);
    }

    public static TheoryData<PreprocessPlan?, long[]> Contradictions => new()
    {
        { new PreprocessPlan { Width = 32 }, [-1, 1, 28, 28] },
        { new PreprocessPlan { Color = ChannelOrder.Rgb }, [-1, 1, 28, 28] },
        { new PreprocessPlan { Layout = TensorLayout.Nhwc }, [-1, 3, 28, 28] },
        { new PreprocessPlan { Mean = [1] }, [-1, 3, 28, 28] },
        { new PreprocessPlan { Resize = 27 }, [-1, 3, 28, 28] },
        { null, [8, 3, 28, 28] },
        { null, [-1, 7, 28, 28] },
        { null, [-1, 3, 0, 0] },
        { null, [-1, 3, 224] },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void What_does_not_go_together_is_refused(PreprocessPlan? wish, long[] shape) =>
        Assert.Throws<UnfitModelException>(() => ImagePlanning.Complete(wish, [Input(shape)]));

    private static TensorSpec Input(params long[] shape) => new("image", Datatype.Fp32, shape);
}
