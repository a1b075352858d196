using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Tests.Unit.Repository;

public sealed class ModelVersionTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("10", 10)]
    [InlineData("20261122100000", 20261122100000)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void A_positive_integer_is_a_version(string text, long number)
    {
        Assert.True(ModelVersion.TryParse(text, out var version));
        Assert.Equal(number, version.Number);
        Assert.Equal(text, version.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1\n")]
    [InlineData("1\0")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("1,000")]
    [InlineData("0x1")]
    [InlineData("v1")]
    [InlineData("latest")]
    [InlineData("9223372036854775808")] // 2^63
    [InlineData("99999999999999999999999999")]
    [InlineData("١")] // Arabic-Indic digit one
    [InlineData("１")] // full-width digit one
    [InlineData("1²")]
    public void Anything_else_is_refused(string? text)
    {
        Assert.False(ModelVersion.TryParse(text, out var version));
        Assert.Equal(default, version);
    }

    [Fact]
    public void A_refusal_says_what_a_version_is()
    {
        var problem = Assert.Throws<FormatException>(() => ModelVersion.Parse("01"));
        Assert.Equal("'01' is not a version (a positive integer without leading zeros).", problem.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void No_code_can_make_one_that_is_not_positive(long number) => Assert.Throws<ArgumentOutOfRangeException>(() => new ModelVersion(number));

    [Fact]
    public void Versions_sort_as_numbers_and_not_as_text() => Assert.True(ModelVersion.Parse("9").CompareTo(ModelVersion.Parse("10")) < 0);
}
