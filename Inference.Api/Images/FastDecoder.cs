using System.Collections.Concurrent;
using System.Numerics;
using ModelPlatform.Inference.Images.Codecs;
using ModelPlatform.Inference.Images.Headers;
using ModelPlatform.Inference.Images.Resampling;
using ModelPlatform.Repository.Manifests;

namespace ModelPlatform.Inference.Images;

/// <summary>Decodes and resamples without anything that costs more than the pixels do. What it needs for that is kept for the next picture: as many as are decoded at the same time.</summary>
internal sealed class FastDecoder
{
    // More than nearly every picture needs; what one of the others needed is not kept.
    private const int MostKept = 8 << 20;

    private static readonly ConcurrentBag<FastDecoder> Idle = [];

    private readonly RowResampler _resampler = new();
    private byte[] _pixels = [];

    /// <returns>False where something was not as it should be: what the row holds then means nothing.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, PictureHeader header, ImagePlan plan, Span<float> row)
    {
        var decoder = Idle.TryTake(out var idle) ? idle : new FastDecoder();
        try { return header.Format == PictureFormat.Jpeg ? decoder.TryJpeg(encoded, header, plan, row) : decoder.TryPng(encoded, header, plan, row); }
        finally
        {
            if (decoder._pixels.Length > MostKept) decoder._pixels = [];
            Idle.Add(decoder);
        }
    }

    private bool TryJpeg(ReadOnlySpan<byte> encoded, PictureHeader header, ImagePlan plan, Span<float> row)
    {
        var shrink = PictureFit.ShrinkOnLoad(header.Width, header.Height, plan);
        // Rounded up, the last column and row are of pixels that are partly beyond the picture: libvips leaves them out, and so do we.
        var (width, height) = ((header.Width + shrink - 1) / shrink, (header.Height + shrink - 1) / shrink);
        var samples = header.Samples == 1 ? 1 : 4;
        var used = Begin(header.Width / shrink, header.Height / shrink, samples, plan, isTransparent: false, row);
        var pitch = width * samples;
        var pixels = Room(pitch * height);
        // A new one for each picture: it keeps tables, and would lend them to a picture that has none of its own. One that failed refuses all that follow.
        using var jpeg = TurboJpeg.Create();
        if (!jpeg.TryDecode(encoded, (header.Width, header.Height), width, height, samples == 1, pixels)) return false;
        for (var y = 0; y < header.Height / shrink; y++) _resampler.Add(pixels.Slice(y * pitch, used), row);
        return true;
    }

    private unsafe bool TryPng(ReadOnlySpan<byte> encoded, PictureHeader header, ImagePlan plan, Span<float> row)
    {
        fixed (byte* first = encoded)
        {
            using var png = Spng.TryBegin(first, encoded.Length, header.Width, header.Height, asInFile: header.Samples < 4);
            if (png is null) return false;
            var pixels = Room(Begin(header.Width, header.Height, header.Samples, plan, isTransparent: header.Samples == 4, row));
            for (var y = 0; y < header.Height; y++)
            {
                if (!png.TryReadRow(pixels, isLast: y == header.Height - 1)) return false;
                _resampler.Add(pixels, row);
            }
            return png.TryFinish();
        }
    }

    // The bytes of a row of the picture.
    private int Begin(int width, int height, int samples, ImagePlan plan, bool isTransparent, Span<float> row)
    {
        var packing = new RowPacking(plan, isTransparent);
        if (plan.Fit == ImageFit.Pad) packing.Blacken(row);
        _resampler.Begin(PictureFit.Of(width, height, plan), samples, packing);
        return width * samples;
    }

    private Span<byte> Room(int bytes)
    {
        if (_pixels.Length < bytes) _pixels = new byte[BitOperations.RoundUpToPowerOf2((uint)bytes)];
        return _pixels.AsSpan(0, bytes);
    }
}
