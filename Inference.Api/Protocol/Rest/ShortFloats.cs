using System.Numerics;
using System.Runtime.Intrinsics;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>Numbers without an exponent inside a longer text, which are nearly all that are sent: 32 characters at once, without a branch for each digit.</summary>
internal static class ShortFloats
{
    private const int Window = 32;
    private const int Half = 16;

    // With three digits before the last 16 a number fits 64 bits.
    private const ulong MostBefore = 999;
    private const ulong TenToThe16 = 10_000_000_000_000_000;

    /// <returns>The length of the number at this place; 0 where it is none of these, or too near to either end of the text.</returns>
    public static int Scan(ReadOnlySpan<byte> text, int at, out float value)
    {
        value = 0;
        if (at < Half || at > text.Length - Window - 1) return 0;
        var sign = text[at] == '-' ? 1 : 0;
        var number = text.Slice(at + sign, Window);
        var others = Vector256.GreaterThan(Vector256.Create(number) - Vector256.Create((byte)'0'), Vector256.Create((byte)9)).ExtractMostSignificantBits();
        var whole = BitOperations.TrailingZeroCount(others);
        if (whole is 0 or Window || whole > 1 && number[0] == '0') return 0;

        var (end, digits, fraction) = (whole, whole, 0);
        if (number[whole] == '.')
        {
            end = BitOperations.TrailingZeroCount(others & (others - 1));
            (digits, fraction) = (end - 1, end - whole - 1);
            if (end == Window || fraction == 0) return 0;
        }
        if ((number[end] | 0x20) == 'e') return 0;

        var before = 0UL;
        for (var i = 0; i < digits - Half; i++) before = before * 10 + (uint)(number[i < whole ? i : i + 1] - '0');
        if (before > MostBefore) return 0;
        var size = FloatRounding.Of(before * TenToThe16 + LastDigits(text.Slice(at + sign + end - Half - 1, Half + 1), digits, fraction), -fraction);
        value = sign == 0 ? size : -size;
        return sign + end;
    }

    // Those before the point move up into its place, and what is before the first digit becomes zero.
    private static ulong LastDigits(ReadOnlySpan<byte> text, int digits, int fraction)
    {
        var places = Vector128<sbyte>.Indices;
        var isFraction = Vector128.GreaterThan(places, Vector128.Create((sbyte)(fraction == 0 ? -1 : Half - 1 - fraction))).AsByte();
        var isDigit = Vector128.GreaterThan(places, Vector128.Create((sbyte)(Half - 1 - digits))).AsByte();
        var characters = Vector128.ConditionalSelect(isFraction, Vector128.Create(text[1..]), Vector128.Create(text));
        var halves = ((characters - Vector128.Create((byte)'0')) & isDigit).AsUInt64();
        return EightDigits(halves[0]) * 100_000_000 + EightDigits(halves[1]);
    }

    // Joins neighbours to pairs, pairs to fours, fours to one.
    private static ulong EightDigits(ulong digits)
    {
        const ulong Pairs = 0x0000_00FF_0000_00FF;
        digits = digits * 10 + (digits >> 8);
        return ((digits & Pairs) * 0x000F_4240_0000_0064 + (digits >> 16 & Pairs) * 0x0000_2710_0000_0001) >> 32;
    }
}
