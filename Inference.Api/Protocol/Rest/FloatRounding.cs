using System.Numerics;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>
/// The float nearest to a decimal, ties to even, in integers and without a loop: number × 5^power is taken to 128 bits, which tells on which side of
/// half way it lies (D. Lemire, Number Parsing at a Gigabyte per Second, 2021; N. Mushtak and D. Lemire, Fast Number Parsing Without Fallback, 2023).
/// </summary>
internal static class FloatRounding
{
    // The smallest and the largest with which a number of 64 bits is neither nothing nor an infinity.
    private const int LeastPower = -65;
    private const int MostPower = 38;

    // Only between these a product can be exactly half way between two floats.
    private const int LeastTie = -17;
    private const int MostTie = 10;

    private const int MantissaBits = 23;
    private const int Bias = 127;
    private const uint Infinity = 0xFF;

    private static readonly UInt128[] Fives = [.. Enumerable.Range(LeastPower, MostPower - LeastPower + 1).Select(Five)];

    public static float Of(ulong number, int power)
    {
        if (number == 0 || power < LeastPower) return 0;
        if (power > MostPower) return float.PositiveInfinity;
        var zeros = BitOperations.LeadingZeroCount(number);
        var (high, low) = Product(number << zeros, Fives[power - LeastPower]);

        // The mantissa, its leading one, and one bit more for rounding.
        var upper = (int)(high >> 63);
        var shift = upper + 63 - MantissaBits - 2;
        var mantissa = high >> shift;
        var exponent = (217_706 * power >> 16) + 63 + upper - zeros + Bias;
        if (exponent <= 0) return Subnormal(mantissa, 1 - exponent);
        if (low <= 1 && power is >= LeastTie and <= MostTie && (mantissa & 3) == 1 && mantissa << shift == high) mantissa--;
        mantissa = (mantissa + 1) >> 1;
        if (mantissa >> (MantissaBits + 1) != 0) exponent++;
        return exponent >= Infinity ? float.PositiveInfinity : Bits((uint)mantissa & ((1u << MantissaBits) - 1) | (uint)exponent << MantissaBits);
    }

    private static (ulong High, ulong Low) Product(ulong number, UInt128 five)
    {
        var high = Math.BigMul(number, (ulong)(five >> 64), out var low);
        // What the lower half of the power adds matters only where a carry could reach the bits that are kept.
        if ((high & (ulong.MaxValue >> (MantissaBits + 3))) != ulong.MaxValue >> (MantissaBits + 3)) return (high, low);
        var carried = Math.BigMul(number, (ulong)five, out _);
        low += carried;
        return (low < carried ? high + 1 : high, low);
    }

    // One that is rounded up to the smallest normal float has its bits already.
    private static float Subnormal(ulong mantissa, int shift) => shift >= 64 ? 0 : Bits((uint)(((mantissa >> shift) + 1) >> 1));

    private static float Bits(uint bits) => BitConverter.UInt32BitsToSingle(bits);

    // The 128 leading bits of 5^power; of one below zero a last place more, so that no product with it is too small.
    private static UInt128 Five(int power)
    {
        var five = BigInteger.Pow(5, Math.Abs(power));
        if (power >= 0) return (UInt128)Leading(five << 128);
        var bits = (int)(five - 1).GetBitLength();
        return power >= -27 ? (UInt128)((BigInteger.One << (bits + 127)) / five + 1) : (UInt128)Leading((BigInteger.One << (2 * bits + 128)) / five + 1);
    }

    private static BigInteger Leading(BigInteger number) => number >> (int)(number.GetBitLength() - 128);
}
