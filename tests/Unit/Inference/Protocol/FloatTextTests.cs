using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ModelPlatform.Inference.Protocol.Rest;

namespace ModelPlatform.Tests.Unit.Inference.Protocol;

public sealed class FloatTextTests
{
    // Away from the ends of the text, where many characters are looked at together.
    private static readonly string Spaces = new(' ', 64);

    [Theory]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("-0.0")]
    [InlineData("0e5")]
    [InlineData("1")]
    [InlineData("-1.5")]
    [InlineData("0.1")]
    [InlineData("16777217")]
    [InlineData("16777217.0000000000000001")]
    [InlineData("33554434.0000000001")]
    [InlineData("9007199254740993")]
    [InlineData("1.17549435e-38")]
    [InlineData("1e-45")]
    [InlineData("7e-46")]
    [InlineData("3.4028235e38")]
    [InlineData("3.4028236e38")]
    [InlineData("1e39")]
    [InlineData("-1e39")]
    [InlineData("1e-400")]
    [InlineData("1E+5")]
    [InlineData("1e05")]
    [InlineData("1e2147483648")]
    [InlineData("1e-2147483649")]
    [InlineData("0.000000000000000000000000000000000000000000000000000000001")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("18446744073709551616")]
    [InlineData("0.30000001192092896")]
    [InlineData("12345678")]
    [InlineData("1234567e1")]
    [InlineData("99999999.99999999")]
    [InlineData("0.00000000000000000000000000012345678")]
    [InlineData("1.1754943157898258e-38")]
    [InlineData("1.1754942807573643e-38")]
    [InlineData("7.006492321624085e-46")]
    [InlineData("7.006492321624086e-46")]
    [InlineData("2.1019476964872256e-45")]
    [InlineData("340282356779733661637539395458142568447")]
    [InlineData("3.402823567797336616e38")]
    [InlineData("3.402823567797336617e38")]
    [InlineData("16777219")]
    [InlineData("1.000000059604644775390625")]
    [InlineData("1.00000005960464477")]
    [InlineData("9999999999999999999e-65")]
    [InlineData("9999999999999999999e-64")]
    [InlineData("8388608.5")]
    [InlineData("8388609.5")]
    [InlineData("-0.0000000000000000000000000001")]
    [InlineData("999.0000000000000001")]
    [InlineData("1000.0000000000000001")]
    [InlineData("0.1000000000000000055511151231257827")]
    public void A_number_is_what_the_framework_makes_of_it(string text) => IsTheSame(text);

    [Fact]
    public void Numbers_of_any_bits_and_digits_are_the_same_to_the_bit()
    {
        var random = new Random(7);
        for (var i = 0; i < 200_000; i++)
        {
            var bits = BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32));
            if (!float.IsFinite(bits)) continue;
            IsTheSame(bits.ToString("R", CultureInfo.InvariantCulture));
            IsTheSame(((double)bits).ToString("R", CultureInfo.InvariantCulture));
            // Half way to the next one, and a little beside it.
            var middle = ((double)bits + MathF.BitIncrement(bits)) / 2;
            if (!double.IsFinite(middle) || middle == 0) continue;
            IsTheSame(middle.ToString("E16", CultureInfo.InvariantCulture));
            IsTheSame(Math.BitIncrement(middle).ToString("R", CultureInfo.InvariantCulture));
            IsTheSame(random.NextSingle().ToString($"F{random.Next(1, 18)}", CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Any_decimal_is_the_same_to_the_bit() => Prop.ForAll(
        (from sign in Gen.Elements("", "-")
         from whole in Gen.Choose(0, int.MaxValue)
         from zeros in Gen.Choose(0, 12)
         from fraction in Gen.Choose(0, int.MaxValue)
         from exponent in Gen.Choose(-50, 50)
         select $"{sign}{whole}.{new string('0', zeros)}{fraction}e{exponent}").ToArbitrary(),
        IsTheSame).QuickCheckThrowOnFailure();

    private static void IsTheSame(string text)
    {
        var expected = float.Parse(text, CultureInfo.InvariantCulture);
        var given = FloatText.Read(Encoding.UTF8.GetBytes(text));
        Assert.True(BitConverter.SingleToUInt32Bits(expected) == BitConverter.SingleToUInt32Bits(given), $"{text}: {given:R}, not {expected:R}");

        var elements = new float[1];
        if (!float.IsFinite(expected)) return;
        Assert.True(FlatFloats.Read(Encoding.UTF8.GetBytes($"{Spaces}{text}]{Spaces}"), elements) > 0, text);
        Assert.True(BitConverter.SingleToUInt32Bits(expected) == BitConverter.SingleToUInt32Bits(elements[0]), $"{text} among others: {elements[0]:R}, not {expected:R}");
    }
}
