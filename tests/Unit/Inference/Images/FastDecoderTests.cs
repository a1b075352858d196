using ModelPlatform.Inference;
using ModelPlatform.Inference.Classification;
using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Images;
using ModelPlatform.Inference.Images.Headers;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Manifests;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Unit.Inference.Images;

/// <summary>The fast path beside libvips: nobody may be able to tell which of them decoded a picture, but by the time it took.</summary>
public sealed class FastDecoderTests(ITestOutputHelper output)
{
    private static readonly ImageOptions Fast = new();
    private static readonly ImageOptions Slow = new() { FastPath = false };
    private static readonly string ImageNet = RepositoryRoot.Combine("..", "shared", "data", "imagenet");

    public static TheoryData<int, int, int, ImageFit, ChannelOrder, TensorLayout> Plans => new()
    {
        { 28, 28, 28, ImageFit.Crop, ChannelOrder.Gray, TensorLayout.Nchw },
        { 28, 28, 28, ImageFit.Crop, ChannelOrder.Rgb, TensorLayout.Nhwc },
        { 24, 16, 31, ImageFit.Crop, ChannelOrder.Bgr, TensorLayout.Nchw },
        { 57, 57, 64, ImageFit.Crop, ChannelOrder.Rgb, TensorLayout.Nchw },
        { 224, 224, 256, ImageFit.Crop, ChannelOrder.Rgb, TensorLayout.Nchw },
        { 30, 20, 0, ImageFit.Stretch, ChannelOrder.Bgr, TensorLayout.Nhwc },
        { 40, 40, 0, ImageFit.Pad, ChannelOrder.Rgb, TensorLayout.Nchw },
        { 40, 40, 0, ImageFit.Pad, ChannelOrder.Gray, TensorLayout.Nhwc },
    };

    [Theory]
    [MemberData(nameof(Plans))]
    public void Both_paths_make_the_same_row_of_a_picture(int width, int height, int resize, ImageFit fit, ChannelOrder color, TensorLayout layout)
    {
        RequireLibraries();
        var plan = Decoded.Plan(width, height, resize, fit, color, layout);
        var taken = 0;
        foreach (var (name, picture) in FuzzedPictures.Seeds())
        {
            if (!TryFast(picture, plan, out var fast)) continue;
            taken++;
            var slow = Decoded.Row(picture, plan, Slow);
            var difference = fast.Zip(slow, (one, other) => Math.Abs(one - other)).Average();
            output.WriteLine($"{name}: {difference:0.000}");
            Assert.True(difference < 2, $"{name}: {difference}");
        }
        Assert.True(taken >= 8, $"{taken} pictures went the fast way");
    }

    [Fact]
    public void Every_photograph_is_seen_alike_by_both_paths()
    {
        RequireLibraries();
        var model = Path.Combine(ImageNet, "squeezenet1.0-dc-palette.onnx");
        Assert.SkipUnless(File.Exists(model), "The ImageNet model and photographs are not beside this checkout (../shared/data/imagenet).");
        using var session = OnnxSession.Load(model, new SessionSetup(1));
        var plan = ImagePlanning.Complete(null, session.Inputs);
        var pixels = Decoded.Plan(plan.Width, plan.Height, plan.Resize, plan.Fit, plan.Color);
        foreach (var photo in Directory.GetFiles(Path.Combine(ImageNet, "photos"), "*.jpg").Order())
        {
            var bytes = File.ReadAllBytes(photo);
            Assert.True(TryFast(bytes, pixels, out var fast), photo);
            var difference = fast.Zip(Decoded.Row(bytes, pixels, Slow), (one, other) => Math.Abs(one - other)).Average();
            var (quick, careful) = (Best(session, plan, bytes, Fast), Best(session, plan, bytes, Slow));
            output.WriteLine($"{Path.GetFileName(photo)}: {difference:0.000} grey levels, class {quick.Index} {quick.Probability:0.000} and {careful.Probability:0.000}");
            Assert.True(difference < 2, photo);
            Assert.Equal(careful.Index, quick.Index);
        }
    }

    [Fact]
    public void What_a_picture_does_not_cover_is_black()
    {
        var plan = Decoded.Plan(28, 28, 0, ImageFit.Pad, ChannelOrder.Rgb) with { Offset = [-1, -2, -3] };
        foreach (var options in new[] { Fast, Slow })
        {
            var row = Decoded.Row(PngFile.Of(40, 20, PngColor.Rgb, 8, (_, _) => [255, 255, 255]), plan, options);
            Assert.Equal([-1, -2, -3], [row[0], row[28 * 28], row[2 * 28 * 28]]);
            Assert.Equal(254, row[14 * 28 + 14], 0.01);
        }
    }

    [Fact]
    public void Damaged_pictures_are_refused_or_accepted_by_both_paths_alike()
    {
        RequireLibraries();
        var plan = Decoded.Plan(28, 28, 28, ImageFit.Crop, ChannelOrder.Gray);
        var (accepted, disagreements) = (0, new List<string>());
        foreach (var (name, picture) in FuzzedPictures.Of(seed: 20, count: 3000))
        {
            if (!TryFast(picture, plan, out _)) continue;
            accepted++;
            try { Decoded.Row(picture, plan, Slow); }
            catch (InferenceFault fault) { disagreements.Add($"{name}: {fault.Message}"); }
        }
        output.WriteLine($"{accepted} of 3000 went the fast way to the end");
        foreach (var one in disagreements) output.WriteLine(one);
        Assert.Empty(disagreements);
    }

    // A decoder that was given up in the middle of a picture must not be used for the next one.
    [Fact]
    public void A_damaged_picture_does_not_spoil_those_that_follow()
    {
        RequireLibraries();
        var plan = Decoded.Plan(28, 28, 28, ImageFit.Crop, ChannelOrder.Rgb);
        var whole = PictureFiles.Read("baseline.jpg");
        for (var length = 1; length < whole.Length; length++) TryFast(whole[..length], plan, out _);
        for (var at = 2; at < whole.Length; at++) TryFast([.. whole[..at], (byte)~whole[at], .. whole[(at + 1)..]], plan, out _);
        for (var i = 0; i < 10; i++) Assert.True(TryFast(whole, plan, out _));
    }

    // libjpeg keeps the tables of one picture for the next: an answer would be made of bytes that another request has sent.
    [Theory]
    [InlineData(0xDB)]
    [InlineData(0xC4)]
    public void A_picture_without_tables_of_its_own_borrows_none_from_another(byte marker)
    {
        RequireLibraries();
        var plan = Decoded.Plan(28, 28, 28, ImageFit.Crop, ChannelOrder.Rgb);
        var whole = PictureFiles.Read("baseline.jpg");
        var without = PictureFiles.WithoutSegments(whole, marker);
        Assert.NotEqual(whole.Length, without.Length);
        Assert.True(TryFast(whole, plan, out _));
        Assert.False(TryFast(without, plan, out _));
    }

    [Fact]
    public void A_second_palette_is_left_to_libvips()
    {
        RequireLibraries();
        var plan = Decoded.Plan(28, 28, 28, ImageFit.Crop, ChannelOrder.Rgb);
        var png = PictureFiles.Quarters(PngColor.Palette, 8);
        var at = png.AsSpan().IndexOf("PLTE"u8) - 4;
        var end = at + 12 + png[at + 3];
        Assert.True(TryFast(png, plan, out _));
        Assert.False(TryFast([.. png[..end], .. png[at..]], plan, out _));
    }

    private static void RequireLibraries() =>
        Assert.SkipUnless(DecodePath.Available is { Jpeg: true, Png: true }, "libjpeg-turbo and libspng are not here (Debian: libturbojpeg0, libspng0).");

    // Its own answer, without libvips behind it.
    private static bool TryFast(byte[] picture, ImagePlan plan, out float[] row)
    {
        row = new float[plan.Elements];
        return PictureHeader.Of(picture) is { } header && DecodePath.IsFast(header, plan, Fast, DecodePath.Available) && FastDecoder.TryDecode(picture, header, plan, row);
    }

    private static Prediction Best(OnnxSession session, ImagePlan plan, byte[] photo, ImageOptions options)
    {
        var classifier = new Classifier(plan, session.Outputs[0].Name, Softmax: true, TopK: 1, Labels: null);
        var row = classifier.NewRows(1);
        ImageDecoder.Decode(photo, plan, options, classifier.RowOf(row, 0));
        return classifier.ToPredictions(session.Run([row], CancellationToken.None))[0];
    }
}
