using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ModelPlatform.Inference.Images.Resampling;

/// <summary>What is done to whole rows of samples, several of them at a time.</summary>
internal static class SampleRows
{
    /// <summary>Samples that are blended at a time.</summary>
    public const int Block = 32;

    private static readonly Vector256<float> White = Vector256.Create(255f);

    /// <summary>8-bit samples as numbers.</summary>
    public static void Widen(ReadOnlySpan<byte> samples, Span<float> numbers)
    {
        var done = 0;
        for (; done <= samples.Length - Vector256<byte>.Count; done += Vector256<byte>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.Create(samples[done..]));
            var (first, second) = Vector256.Widen(low);
            var (third, fourth) = Vector256.Widen(high);
            var into = numbers.Slice(done, Vector256<byte>.Count);
            Vector256.ConvertToSingle(first.AsInt32()).CopyTo(into);
            Vector256.ConvertToSingle(second.AsInt32()).CopyTo(into[8..]);
            Vector256.ConvertToSingle(third.AsInt32()).CopyTo(into[16..]);
            Vector256.ConvertToSingle(fourth.AsInt32()).CopyTo(into[24..]);
        }
        for (; done < samples.Length; done++) numbers[done] = samples[done];
    }

    /// <summary>The same, with a place left free behind each three.</summary>
    public static void WidenTriples(ReadOnlySpan<byte> samples, Span<float> numbers)
    {
        var (from, to) = (0, 0);
        var spread = Vector128.Create((byte)0, 1, 2, 255, 3, 4, 5, 255, 6, 7, 8, 255, 9, 10, 11, 255);
        for (; from <= samples.Length - Vector128<byte>.Count; from += 12, to += 16)
        {
            var (low, high) = Vector128.Widen(Vector128.Shuffle(Vector128.Create(samples[from..]), spread));
            var (first, second) = Vector128.Widen(low);
            var (third, fourth) = Vector128.Widen(high);
            var into = numbers.Slice(to, 16);
            Vector128.ConvertToSingle(first.AsInt32()).CopyTo(into);
            Vector128.ConvertToSingle(second.AsInt32()).CopyTo(into[4..]);
            Vector128.ConvertToSingle(third.AsInt32()).CopyTo(into[8..]);
            Vector128.ConvertToSingle(fourth.AsInt32()).CopyTo(into[12..]);
        }
        for (; from < samples.Length; from += 3, to += 4) (numbers[to], numbers[to + 1], numbers[to + 2]) = (samples[from], samples[from + 1], samples[from + 2]);
    }

    /// <summary>Red, green, blue, alpha: what is seen of each pixel before black.</summary>
    public static void FlattenToBlack(Span<float> samples)
    {
        foreach (ref var pixel in MemoryMarshal.Cast<float, Vector128<float>>(samples)) pixel *= pixel.GetElement(3) / 255;
    }

    /// <summary>The sum of samples by their weights, still in parts: each of those is of samples that lie a vector apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Weigh(ref float samples, ReadOnlySpan<float> weights)
    {
        ref var weight = ref MemoryMarshal.GetReference(weights);
        var sum = Vector256<float>.Zero;
        for (nuint i = 0; i < (nuint)weights.Length; i += (nuint)Vector256<float>.Count)
            sum = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref weight, i), Vector256.LoadUnsafe(ref samples, i), sum);
        return sum;
    }

    /// <summary>The sum of rows by their weights, for whole blocks of <paramref name="pitch"/> samples.</summary>
    public static void Blend(ReadOnlySpan<float> rows, int pitch, ReadOnlySpan<float> weights, Span<float> blended)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows.Length, pitch * weights.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(blended.Length, pitch);
        ref var into = ref MemoryMarshal.GetReference(blended);
        for (var done = 0; done < pitch; done += Block)
        {
            ref var sample = ref Unsafe.Add(ref MemoryMarshal.GetReference(rows), done);
            // Sums that stay in registers, and wait for each other less than one would.
            var (first, second, third, fourth) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
            for (var row = 0; row < weights.Length; row++)
            {
                var (factor, at) = (Vector256.Create(weights[row]), (nuint)(row * pitch));
                first = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref sample, at), factor, first);
                second = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref sample, at + 8), factor, second);
                third = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref sample, at + 16), factor, third);
                fourth = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref sample, at + 24), factor, fourth);
            }
            first.StoreUnsafe(ref into, (nuint)done);
            second.StoreUnsafe(ref into, (nuint)done + 8);
            third.StoreUnsafe(ref into, (nuint)done + 16);
            fourth.StoreUnsafe(ref into, (nuint)done + 24);
        }
    }

    /// <summary>sample × factor + offset, of samples that a kernel with negative lobes may have left outside of what 8 bits hold.</summary>
    public static void Scale(ReadOnlySpan<float> samples, float factor, float offset, Span<float> scaled)
    {
        var (factors, offsets) = (Vector256.Create(factor), Vector256.Create(offset));
        var done = 0;
        for (; done <= samples.Length - Vector256<float>.Count; done += Vector256<float>.Count)
            Vector256.FusedMultiplyAdd(Vector256.Clamp(Vector256.Create(samples[done..]), Vector256<float>.Zero, White), factors, offsets).CopyTo(scaled[done..]);
        for (; done < samples.Length; done++) scaled[done] = Math.Clamp(samples[done], 0, 255) * factor + offset;
    }
}
