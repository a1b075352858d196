using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ModelPlatform.Inference.Images.Resampling;

/// <summary>
/// Takes a picture row by row, from the top, and writes each row of the tensor as soon as what it is made of is there. Only what the tensor keeps is computed.
/// One picture at a time; the buffers serve the next one too.
/// </summary>
internal sealed class RowResampler
{
    private readonly AxisWeights _across = new();
    private readonly AxisWeights _down = new();

    // Of the row that came last what is reached; rows of the tensor's width, as many as one of its rows is made of; one of its rows.
    private float[] _line = [];
    private float[] _narrowed = [];
    private float[] _blended = [];
    private float[] _rotated = [];

    private PictureFit _fit;
    private RowPacking _packing = null!;
    private int _samples;
    private int _channels;
    private int _width;
    private int _pitch;
    private int _taken;
    private int _written;

    /// <param name="samples">Of a pixel: 1 for grey; 3 for red, green, blue; 4 with something behind them.</param>
    public void Begin(PictureFit fit, int samples, RowPacking packing)
    {
        // Four lie well in vectors, three do not.
        var channels = samples == 1 ? 1 : 4;
        (_samples, _fit, _channels, _packing, _width, _taken, _written) = (samples, fit, channels, packing, fit.Across.Count * channels, 0, 0);
        _across.Set(fit.Across, channels);
        _down.Set(fit.Down, 1);
        _pitch = (_width + SampleRows.Block - 1) / SampleRows.Block * SampleRows.Block;
        // A vector may reach beyond the last pixel, where its weights are zero.
        Grow(ref _line, _across.Reached * channels + Vector256<float>.Count);
        Grow(ref _narrowed, _pitch * _down.Taps);
        Grow(ref _blended, _pitch);
        Grow(ref _rotated, _down.Taps);
    }

    /// <param name="pixels">The next row of the picture, from its top.</param>
    /// <param name="tensor">The picture's row of the input tensor.</param>
    public void Add(ReadOnlySpan<byte> pixels, Span<float> tensor)
    {
        var at = _taken++;
        if (_written == _fit.Down.Count || at < _down.FirstOf(_written)) return;

        var reached = pixels.Slice(_across.FirstOf(0) * _samples, _across.Reached * _samples);
        if (_samples == 3) SampleRows.WidenTriples(reached, _line);
        else SampleRows.Widen(reached, _line);
        if (_packing.IsTransparent) SampleRows.FlattenToBlack(_line.AsSpan(0, reached.Length));
        Narrow(_narrowed.AsSpan(at % _down.Taps * _pitch, _width));
        for (; _written < _fit.Down.Count && _down.FirstOf(_written) + _down.Taps - 1 == at; _written++)
            _packing.Write(Blend(_written), _channels, _fit.Across.Target, _fit.Down.Target + _written, tensor);
    }

    private void Narrow(Span<float> into)
    {
        if (_fit.Across.IsIdentity) _line.AsSpan(0, _width).CopyTo(into);
        else if (_channels == 1) NarrowGrey(into);
        else NarrowColours(into);
    }

    private void NarrowGrey(Span<float> into)
    {
        ref var line = ref MemoryMarshal.GetReference(_line);
        var start = _across.FirstOf(0);
        for (var kept = 0; kept < into.Length; kept++)
            into[kept] = Vector256.Sum(SampleRows.Weigh(ref Unsafe.Add(ref line, _across.FirstOf(kept) - start), _across.Of(kept)));
    }

    private void NarrowColours(Span<float> into)
    {
        ref var line = ref MemoryMarshal.GetReference(_line);
        var start = _across.FirstOf(0);
        var pixels = MemoryMarshal.Cast<float, Vector128<float>>(into);
        for (var kept = 0; kept < pixels.Length; kept++)
        {
            var both = SampleRows.Weigh(ref Unsafe.Add(ref line, (_across.FirstOf(kept) - start) * 4), _across.Of(kept));
            pixels[kept] = both.GetLower() + both.GetUpper();
        }
    }

    private ReadOnlySpan<float> Blend(int kept)
    {
        var taps = _down.Taps;
        if (taps == 1) return _narrowed.AsSpan(0, _width);

        // As the rows lie: the first of them is anywhere.
        var weights = _down.Of(kept)[..taps];
        var inPlace = _rotated.AsSpan(0, taps);
        var first = _down.FirstOf(kept) % taps;
        weights[..(taps - first)].CopyTo(inPlace[first..]);
        weights[(taps - first)..].CopyTo(inPlace);
        SampleRows.Blend(_narrowed, _pitch, inPlace, _blended);
        return _blended.AsSpan(0, _width);
    }

    private static void Grow(ref float[] buffer, int length)
    {
        if (buffer.Length < length) buffer = new float[BitOperations.RoundUpToPowerOf2((uint)length)];
    }
}
