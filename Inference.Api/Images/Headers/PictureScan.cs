namespace ModelPlatform.Inference.Images.Headers;

/// <summary>
/// Tells from its first bytes whether a picture can be decoded row by row. Interlaced PNG, progressive JPEG and lossless WebP lie in memory whole, however
/// small they are wanted; so does, for want of proof, what is not clearly of another kind.
/// </summary>
internal static class PictureScan
{
    public static bool IsStreamed(ReadOnlySpan<byte> encoded) => encoded is [(byte)'R', (byte)'I', ..]
        ? encoded.Length > 16 && encoded[12..16].SequenceEqual("VP8 "u8)
        : PictureHeader.Of(encoded) is { IsStreamed: true };
}
