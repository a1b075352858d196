namespace ModelPlatform.Inference.Images.Headers;

internal enum PictureFormat { Jpeg, Png }

/// <summary>What stands before the pixels of a JPEG or PNG.</summary>
/// <param name="IsStreamed">It can be decoded row by row: see <see cref="PictureScan"/>.</param>
/// <param name="Samples">Of a pixel: 1 for grey, 3 for red, green and blue, 4 with alpha or if a decoder has to make these of something else.</param>
/// <param name="IsPlain">Its pixels are all there is to it: 8-bit samples or fewer, upright, of the usual colours, nothing beside them that could say otherwise.</param>
internal readonly record struct PictureHeader(PictureFormat Format, int Width, int Height, bool IsStreamed, int Samples, bool IsPlain)
{
    public long Pixels => (long)Width * Height;

    /// <returns>Null for other formats, and for what a decoder might read in another way than this does.</returns>
    public static PictureHeader? Of(ReadOnlySpan<byte> encoded) => encoded switch
    {
        [0xFF, 0xD8, ..] => JpegHeader.Read(encoded[2..]),
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => PngHeader.Read(encoded[8..]),
        _ => null,
    };
}
