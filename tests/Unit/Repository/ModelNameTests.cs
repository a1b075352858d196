using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Tests.Unit.Repository;

public sealed class ModelNameTests
{
    [Theory]
    [InlineData("fashion")]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("ResNet-152.v2_final")]
    [InlineData("a..b")]
    public void Letters_digits_and_inner_punctuation_make_a_name(string text)
    {
        Assert.True(ModelName.TryParse(text, out var name));
        Assert.Equal(text, name.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a.")]
    [InlineData("%2e%2e")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a b")]
    [InlineData("a\0b")]
    [InlineData("a\n")]
    [InlineData("fаshion")] // the second letter is Cyrillic
    [InlineData("ﬁt")]
    [InlineData("modèle")]
    [InlineData("٣")]
    public void Anything_else_is_refused(string? text) => Assert.False(ModelName.TryParse(text, out _));

    [Fact]
    public void Sixty_three_characters_are_the_most()
    {
        Assert.True(ModelName.TryParse(new string('a', 63), out _));
        Assert.False(ModelName.TryParse(new string('a', 64), out _));
        Assert.False(ModelName.TryParse(new string('a', 4096), out _));
    }

    [Fact]
    public void A_refusal_escapes_and_shortens_what_it_quotes()
    {
        var problem = Assert.Throws<FormatException>(() => ModelName.Parse("a\0" + new string('b', 4096)));
        Assert.Contains("a\\u0000bbb", problem.Message, StringComparison.Ordinal);
        Assert.InRange(problem.Message.Length, 1, 300);
    }
}
