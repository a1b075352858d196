using System.Runtime.InteropServices;
using ModelPlatform.Inference.Images.Codecs;
using ModelPlatform.Inference.Images.Headers;

namespace ModelPlatform.Inference.Images;

/// <summary>
/// Encoded pictures to rows of a tensor: EXIF orientation honoured, transparency flattened to black, the first frame of an animation.
/// Plain JPEG and PNG take the fast path. It accepts only what is beyond doubt; everything else is libvips', which has the last word on what is refused and why.
/// </summary>
internal static class ImageDecoder
{
    /// <param name="row">The elements of the plan.</param>
    /// <exception cref="InferenceFault">The bytes are no picture that is served.</exception>
    public static void Decode(ReadOnlyMemory<byte> encoded, ImagePlan plan, ImageOptions limits, Span<float> row)
    {
        if (PictureHeader.Of(encoded.Span) is { } header && DecodePath.IsFast(header, plan, limits, DecodePath.Available))
        {
            PictureLimits.Require(header.Width, header.Height, header.IsStreamed, plan, limits);
            if (FastDecoder.TryDecode(encoded.Span, header, plan, row)) return;
        }
        PixelPacking.Fill(VipsDecoder.Decode(Array(encoded), plan, limits), plan, row);
    }

    private static byte[] Array(ReadOnlyMemory<byte> encoded) =>
        MemoryMarshal.TryGetArray(encoded, out var segment) && segment.Array!.Length == segment.Count ? segment.Array : encoded.ToArray();
}
