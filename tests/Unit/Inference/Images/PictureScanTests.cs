using ModelPlatform.Inference.Images.Headers;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Unit.Inference.Images;

public sealed class PictureScanTests
{
    private static readonly byte[] Baseline = PictureFiles.Read("baseline.jpg");

    [Theory]
    [InlineData("baseline.jpg", true)]
    [InlineData("grey.jpg", true)]
    [InlineData("cmyk.jpg", true)]
    [InlineData("lossy.webp", true)]
    [InlineData("progressive.jpg", false)]
    [InlineData("lossless.webp", false)]
    [InlineData("animated.webp", false)]
    public void What_is_decoded_row_by_row_is_told_from_the_header(string name, bool streamed) =>
        Assert.Equal(streamed, PictureScan.IsStreamed(PictureFiles.Read(name)));

    [Fact]
    public void Thumbnails_and_profiles_before_the_frame_are_skipped() =>
        Assert.True(PictureScan.IsStreamed([.. Baseline[..2], .. Segment(0xE1, Baseline), .. Segment(0xFE, PictureFiles.Read("progressive.jpg")), .. Baseline[2..]]));

    // The decoder reads on behind a marker without a length, where this scan would skip what looks like one.
    [Theory]
    [InlineData(0x01)]
    [InlineData(0xD0)]
    [InlineData(0xD8)]
    public void A_frame_cannot_be_hidden_behind_a_marker_without_a_length(byte marker) =>
        Assert.False(PictureScan.IsStreamed([.. Baseline[..2], .. Segment(marker, PictureFiles.Read("progressive.jpg")[2..]), .. Baseline[2..]]));

    [Fact]
    public void A_first_scan_with_some_of_the_components_needs_the_whole_picture()
    {
        var scan = Baseline.AsSpan().IndexOf((byte[])[0xFF, 0xDA]);
        byte[] partial = [.. Baseline];
        partial[scan + 4] = 1;
        Assert.False(PictureScan.IsStreamed(partial));
    }

    [Fact]
    public void Every_beginning_of_a_picture_is_read_without_a_fault()
    {
        foreach (var name in new[] { "baseline.jpg", "progressive.jpg", "lossy.webp" })
        {
            var whole = PictureFiles.Read(name);
            for (var length = 0; length < whole.Length; length++) _ = PictureScan.IsStreamed(whole.AsSpan(0, length));
        }
        Assert.False(PictureScan.IsStreamed([0xFF, 0xD8]));
        Assert.False(PictureScan.IsStreamed([]));
    }

    private static byte[] Segment(byte marker, byte[] content) => [0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];
}
