using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Tests.Unit.Repository;

public sealed class QuotedTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("plain (text) 'x' ~", "plain (text) 'x' ~")]
    [InlineData("a\0b", "a\\u0000b")]
    [InlineData("a\r\nb", "a\\u000d\\u000ab")]
    [InlineData("\x1b[31m", "\\u001b[31m")] // a terminal would turn red
    [InlineData("\x7f", "\\u007f")]
    [InlineData("\\u0000", "\\u005cu0000")] // else it would read like an escaped NUL
    [InlineData("fаshion", "f\\u0430shion")] // Cyrillic
    [InlineData("\u202e", "\\u202e")]
    [InlineData("😀", "\\ud83d\\ude00")]
    public void Only_printable_ascii_stays_as_it_is(string? text, string quoted) => Assert.Equal(quoted, Quoted.Of(text));

    [Fact]
    public void Long_text_is_cut_and_its_length_told()
    {
        Assert.Equal(new string('a', 80), Quoted.Of(new string('a', 80)));
        Assert.Equal(new string('a', 80) + "… (4096 characters)", Quoted.Of(new string('a', 4096)));
        Assert.Equal(new string('a', 100), Quoted.Of(new string('a', 100), most: 100));
    }
}
