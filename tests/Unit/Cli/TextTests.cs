using ModelPlatform.Cli;
using ModelPlatform.Cli.Scoring;

namespace ModelPlatform.Tests.Unit.Cli;

public sealed class TextTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_000, "1.00 kB")]
    [InlineData(9_994, "9.99 kB")]
    [InlineData(9_996, "10.0 kB")]
    [InlineData(34_374, "34.4 kB")]
    [InlineData(401_233, "401 kB")]
    [InlineData(999_600, "1.00 MB")]
    [InlineData(5_000_000_000, "5.00 GB")]
    [InlineData(long.MaxValue, "9223372 TB")]
    public void Sizes_have_three_digits(long bytes, string text) => Assert.Equal(text, ByteSize.Of(bytes));

    [Theory]
    [InlineData("89504E470D0A1A0A0000", "image/png")]
    [InlineData("FFD8FFE0", "image/jpeg")]
    [InlineData("52494646AABBCCDD57454250", "image/webp")]
    [InlineData("52494646AABBCCDD57415645", null)] // a sound
    [InlineData("89504E47", null)]
    [InlineData("474946383961", null)] // GIF
    [InlineData("", null)]
    public void A_pictures_type_is_told_by_its_first_bytes(string hex, string? type) => Assert.Equal(type, PictureType.Of(Convert.FromHexString(hex)));
}
