using System.Buffers.Text;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>
/// Numbers of JSON as FP32, bit for bit what the framework's parser makes of them, for tensors of a hundred thousand of them: that parser takes most
/// of the time of such a request, and nearly all numbers that are sent need none of its care.
/// </summary>
internal static class FloatText
{
    // Powers of ten that a double holds exactly; one multiplication or division by them rounds once (Clinger's fast path).
    private static readonly double[] Exact = [.. Enumerable.Range(0, 23).Select(power => Math.Pow(10, power))];

    private const ulong LargestExact = 1UL << 53;
    private const int MostDigits = 19;

    /// <param name="text">A number by JSON's grammar.</param>
    public static float Read(ReadOnlySpan<byte> text) => TryQuickly(text, out var value) ? value : Slowly(text);

    /// <summary>False where the digits or their power are too many for one exact step, or the result lies where a second rounding could go wrong.</summary>
    internal static bool TryQuickly(ReadOnlySpan<byte> text, out float value)
    {
        var (at, digits, point, number) = (0, 0, -1, 0UL);
        var isNegative = text[0] == '-';
        if (isNegative) at++;
        for (; at < text.Length; at++)
        {
            var digit = (uint)(text[at] - '0');
            if (digit <= 9)
            {
                // Zeros before the first other digit do not count.
                if (digits > 0 || digit != 0) digits++;
                number = number * 10 + digit;
            }
            else if (text[at] == '.') point = at;
            else break;
        }
        value = 0;
        if (digits > MostDigits || number > LargestExact) return false;
        var power = point < 0 ? 0 : point + 1 - at;
        if (at < text.Length)
        {
            if (!Utf8Parser.TryParse(text[(at + 1)..], out int exponent, out _) || exponent is < -400 or > 400) return false;
            power += exponent;
        }
        if (power is < -22 or > 22) return false;
        var exact = power < 0 ? number / Exact[-power] : number * Exact[power];
        // Half way between two floats, or a step beside it, the first rounding may have hidden on which side the number was.
        var tail = BitConverter.DoubleToUInt64Bits(exact) & 0x1FFFFFFF;
        if (tail is >= 0x0FFFFFFF and <= 0x10000001 || exact is < 1.2e-38 and not 0) return false;
        value = isNegative ? -(float)exact : (float)exact;
        return true;
    }

    private static float Slowly(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out float value, out var read) && read == text.Length ? value : float.NaN;
}
