using System.Buffers.Text;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>
/// Numbers of JSON as FP32, bit for bit what the framework's parser makes of them, for tensors of a hundred thousand of them: that parser takes most
/// of the time of such a request.
/// </summary>
internal static class FloatText
{
    // So many always fit 64 bits.
    private const int MostDigits = 19;
    private const int MostExponent = 10_000;

    /// <param name="text">A number by JSON's grammar; one that is too large for FP32 becomes an infinity.</param>
    public static float Read(ReadOnlySpan<byte> text) => Scan(text, out var value) == text.Length ? value : float.NaN;

    /// <returns>The length of the number with which the text begins, by JSON's grammar; 0 where there is none.</returns>
    public static int Scan(ReadOnlySpan<byte> text, out float value)
    {
        value = 0;
        var (at, digits, power, number) = (0, 0, 0, 0UL);
        var isNegative = at < text.Length && text[at] == '-';
        if (isNegative) at++;
        var start = at;
        at = ScanDigits(text, at, ref number, ref digits);
        if (at == start || at - start > 1 && text[start] == '0') return 0;
        if (at < text.Length && text[at] == '.')
        {
            start = ++at;
            at = ScanDigits(text, at, ref number, ref digits);
            if (at == start) return 0;
            power = start - at;
        }
        if (at < text.Length && (text[at] | 0x20) == 'e')
        {
            var length = ScanExponent(text[++at..], out var exponent);
            if (length == 0) return 0;
            at += length;
            power += exponent;
        }
        var size = digits > MostDigits ? Slowly(text[(isNegative ? 1 : 0)..at]) : FloatRounding.Of(number, power);
        value = isNegative ? -size : size;
        return at;
    }

    private static int ScanDigits(ReadOnlySpan<byte> text, int at, ref ulong number, ref int digits)
    {
        var (sum, count) = (number, digits);
        for (uint digit; at < text.Length && (digit = (uint)(text[at] - '0')) <= 9; at++)
        {
            // Zeros before the first other digit do not count.
            if ((count | (int)digit) != 0) count++;
            sum = sum * 10 + digit;
        }
        (number, digits) = (sum, count);
        return at;
    }

    private static int ScanExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        var at = text is [(byte)'+' or (byte)'-', ..] ? 1 : 0;
        var start = at;
        for (uint digit; at < text.Length && (digit = (uint)(text[at] - '0')) <= 9; at++) exponent = Math.Min(exponent * 10 + (int)digit, MostExponent);
        if (text is [(byte)'-', ..]) exponent = -exponent;
        return at == start ? 0 : at;
    }

    private static float Slowly(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out float value, out var read) && read == text.Length ? value : float.NaN;
}
