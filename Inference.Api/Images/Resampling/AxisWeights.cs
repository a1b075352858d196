using System.Runtime.Intrinsics;

namespace ModelPlatform.Inference.Images.Resampling;

/// <summary>
/// For each kept pixel of a side the first pixel of the picture that it is made of, and what that and the following ones weigh: as many for each, so that loops need not ask.
/// The pixels at the edges stand for those that would be beyond them.
/// </summary>
internal sealed class AxisWeights
{
    private int[] _first = [];
    private float[] _weights = [];
    private AxisFit _fit;
    private int _channels;
    private int _stride;

    /// <summary>Pixels that go into a kept one.</summary>
    public int Taps { get; private set; }

    public int FirstOf(int kept) => _first[kept];

    /// <summary>The pixels that anything is made of: <see cref="FirstOf"/> the first kept one, and so many from there.</summary>
    public int Reached => _first[_fit.Count - 1] + Taps - _first[0];

    /// <summary>A weight for each sample of the pixels that lie side by side, and zeros up to whole vectors.</summary>
    public ReadOnlySpan<float> Of(int kept) => _weights.AsSpan(kept * _stride, _stride);

    /// <summary>The most taps that a fit can need.</summary>
    public static int MostTaps(AxisFit fit) => fit.IsIdentity ? 1 : (int)Math.Min(fit.Source, Math.Floor(2 * Kernel.Reach(fit.Shrink)) + 1);

    public void Set(AxisFit fit, int channels)
    {
        // Pictures of one size often follow each other.
        if (fit == _fit && channels == _channels) return;

        (Taps, _channels, _fit) = (MostTaps(fit), channels, default);
        _stride = (Taps * channels + Vector256<float>.Count - 1) / Vector256<float>.Count * Vector256<float>.Count;
        if (_first.Length < fit.Count) _first = new int[fit.Count];
        if (_weights.Length < fit.Count * _stride) _weights = new float[fit.Count * _stride];
        for (var kept = 0; kept < fit.Count; kept++) Set(kept, fit);
        _fit = fit;
    }

    private void Set(int kept, AxisFit fit)
    {
        var weights = _weights.AsSpan(kept * _stride, _stride);
        weights.Clear();
        if (fit.IsIdentity)
        {
            _first[kept] = fit.First + kept;
            weights[.._channels].Fill(1);
            return;
        }
        var (centre, reach) = (fit.CentreOf(kept), Kernel.Reach(fit.Shrink));
        var (from, to) = ((int)Math.Ceiling(centre - reach), (int)Math.Floor(centre + reach));
        // Rounding may make room for one more, which weighs nothing.
        to = Math.Min(to, from + (int)Math.Floor(2 * reach));
        var first = _first[kept] = Math.Clamp(from, 0, fit.Source - Taps);
        var sum = 0f;
        for (var at = from; at <= to; at++)
        {
            var weight = Kernel.Weight(at - centre, fit.Shrink);
            weights[(Math.Clamp(at, 0, fit.Source - 1) - first) * _channels] += weight;
            sum += weight;
        }
        for (var tap = 0; tap < Taps; tap++) weights.Slice(tap * _channels, _channels).Fill(weights[tap * _channels] / sum);
    }
}
