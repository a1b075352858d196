using System.Numerics;

namespace ModelPlatform.Bench.Numbers;

/// <summary>Any number of durations in constant memory, each kept to within one percent: 128 equal steps between two powers of two.</summary>
internal sealed class Latencies
{
    private const int Steps = 128;
    private readonly long[] _counts = new long[Steps * 40];

    public long Count { get; private set; }

    public void Add(TimeSpan duration)
    {
        _counts[IndexOf(Math.Max(0, duration.Ticks))]++;
        Count++;
    }

    public void Add(Latencies others)
    {
        for (var i = 0; i < _counts.Length; i++) _counts[i] += others._counts[i];
        Count += others.Count;
    }

    /// <summary>The duration, in milliseconds, that this share of all does not exceed; not a number where there are none.</summary>
    public double Milliseconds(double share)
    {
        if (Count == 0) return double.NaN;
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank) return MiddleOf(i) / TimeSpan.TicksPerMillisecond;
        }
        return double.NaN;
    }

    private static int IndexOf(long ticks)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)ticks | 1) - 7);
        return Math.Min(shift * Steps + (int)(ticks >> shift), Steps * 40 - 1);
    }

    private static double MiddleOf(int index)
    {
        if (index < 2 * Steps) return index;
        var shift = index / Steps - 1;
        return (index - shift * Steps + 0.5) * (1L << shift);
    }
}
