using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ModelPlatform.Inference.Images.Codecs;

/// <summary>The part of libspng that reads a PNG row by row. One picture; its bytes must not move meanwhile.</summary>
internal sealed partial class Spng() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    private const int Rgba8 = 1, AsInFile = 256;
    private const int WithTransparency = 1, RowByRow = 256;
    private const int LastRow = 75;

    public static unsafe Spng? TryBegin(byte* encoded, int length, int width, int height, bool asInFile)
    {
        var picture = New(0);
        // Checksums that do not match are errors by default, as they are to libvips.
        if (picture.IsInvalid || SetBuffer(picture, encoded, (nuint)length) != 0 || GetHeader(picture, out var header) != 0 || (header.Width, header.Height) != ((uint)width, (uint)height)
            || DecodeImage(picture, null, 0, asInFile ? AsInFile : Rgba8, (asInFile ? 0 : WithTransparency) | RowByRow) != 0)
        {
            picture.Dispose();
            return null;
        }
        return picture;
    }

    /// <returns>False where anything at all was wrong with it.</returns>
    public unsafe bool TryReadRow(Span<byte> row, bool isLast)
    {
        fixed (byte* to = row) return DecodeRow(this, to, (nuint)row.Length) == (isLast ? LastRow : 0);
    }

    /// <summary>Reads what follows the last row, to the end.</summary>
    public bool TryFinish() => DecodeChunks(this) == 0;

    protected override bool ReleaseHandle()
    {
        Free(handle);
        return true;
    }

    [LibraryImport(NativeCodecs.Spng, EntryPoint = "spng_ctx_new")]
    private static partial Spng New(int flags);

    [LibraryImport(NativeCodecs.Spng, EntryPoint = "spng_ctx_free")]
    private static partial void Free(nint picture);

    [LibraryImport(NativeCodecs.Spng, EntryPoint = "spng_set_png_buffer")]
    private static unsafe partial int SetBuffer(Spng picture, byte* encoded, nuint length);

    [LibraryImport(NativeCodecs.Spng, EntryPoint = "spng_get_ihdr")]
    private static partial int GetHeader(Spng picture, out Header header);

    [LibraryImport(NativeCodecs.Spng, EntryPoint = "spng_decode_image")]
    private static unsafe partial int DecodeImage(Spng picture, byte* pixels, nuint length, int format, int flags);

    [LibraryImport(NativeCodecs.Spng, EntryPoint = "spng_decode_row")]
    private static unsafe partial int DecodeRow(Spng picture, byte* row, nuint length);

    [LibraryImport(NativeCodecs.Spng, EntryPoint = "spng_decode_chunks")]
    private static partial int DecodeChunks(Spng picture);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Header
    {
        public readonly uint Width;
        public readonly uint Height;
        private readonly byte _depth;
        private readonly byte _colour;
        private readonly byte _compression;
        private readonly byte _filter;
        private readonly byte _interlacing;
    }
}
