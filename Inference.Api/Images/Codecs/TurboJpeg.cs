using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ModelPlatform.Inference.Images.Codecs;

/// <summary>The part of libjpeg-turbo's TurboJPEG interface that versions 2 and 3 have in common. For one picture.</summary>
internal sealed partial class TurboJpeg() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    private const int Rgbx = 2, Grey = 6;

    // The first warning ends it: a picture that only may be whole is for libvips to judge. So is one of more scans than anybody needs, which cost time for nothing.
    private const int StopOnWarning = 8192, LimitScans = 32768;

    public static TurboJpeg Create() => InitDecompress();

    /// <summary>Pixels of one sample (grey) or four (red, green, blue and nothing).</summary>
    /// <param name="width">Of the picture shrunk to 1/1, 1/2, 1/4 or 1/8, rounded up.</param>
    /// <returns>False where anything at all was wrong with it.</returns>
    public unsafe bool TryDecode(ReadOnlySpan<byte> encoded, (int Width, int Height) whole, int width, int height, bool isGrey, Span<byte> pixels)
    {
        var channels = isGrey ? 1 : 4;
        if (pixels.Length < (long)width * height * channels) throw new ArgumentException("The pixels have no room.", nameof(pixels));
        fixed (byte* from = encoded, to = pixels)
        {
            return DecompressHeader(this, from, new CULong((nuint)encoded.Length), out var foundWidth, out var foundHeight, out _, out _) == 0
                && (foundWidth, foundHeight) == whole
                && Decompress(this, from, new CULong((nuint)encoded.Length), to, width, width * channels, height, isGrey ? Grey : Rgbx, StopOnWarning | LimitScans) == 0;
        }
    }

    protected override bool ReleaseHandle() => Destroy(handle) == 0;

    [LibraryImport(NativeCodecs.TurboJpeg, EntryPoint = "tjInitDecompress")]
    private static partial TurboJpeg InitDecompress();

    [LibraryImport(NativeCodecs.TurboJpeg, EntryPoint = "tjDecompressHeader3")]
    private static unsafe partial int DecompressHeader(TurboJpeg handle, byte* encoded, CULong length, out int width, out int height, out int subsampling, out int colours);

    [LibraryImport(NativeCodecs.TurboJpeg, EntryPoint = "tjDecompress2")]
    private static unsafe partial int Decompress(TurboJpeg handle, byte* encoded, CULong length, byte* pixels, int width, int pitch, int height, int format, int flags);

    [LibraryImport(NativeCodecs.TurboJpeg, EntryPoint = "tjDestroy")]
    private static partial int Destroy(nint handle);
}
