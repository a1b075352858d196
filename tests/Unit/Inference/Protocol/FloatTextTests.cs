using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ModelPlatform.Inference.Protocol.Rest;

namespace ModelPlatform.Tests.Unit.Inference.Protocol;

public sealed class FloatTextTests
{
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
    }
}
