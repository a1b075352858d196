using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Tests.Unit.Repository;

public sealed class FilePathTests
{
    [Theory]
    [InlineData("model.onnx")]
    [InlineData("golden/sneaker.png")]
    [InlineData("a/b/c/d")]
    [InlineData("my labels.txt")]
    [InlineData("c++.txt")]
    [InlineData(".hidden")]
    [InlineData("..a")]
    [InlineData("a..b/c")]
    [InlineData("console.txt")]
    [InlineData("com10")]
    [InlineData("nullable.onnx")]
    public void Ordinary_names_make_a_path(string text)
    {
        Assert.True(FilePath.TryParse(text, out var path));
        Assert.Equal(text, path.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../model.onnx")]
    [InlineData("a/../b")]
    [InlineData("a/..")]
    [InlineData("./a")]
    [InlineData("a/./b")]
    [InlineData("...")]
    [InlineData("%2e%2e/a")]
    [InlineData("..%2fa")]
    [InlineData("/etc/passwd")]
    [InlineData("//server/share")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("..\\a")]
    [InlineData("a\\b")]
    [InlineData("C:\\a")]
    [InlineData("C:/a")]
    [InlineData("C:a")]
    [InlineData("a:stream")]
    [InlineData("a.")]
    [InlineData("a./b")]
    [InlineData(".. /a")]
    [InlineData("a ")]
    [InlineData("a /b")]
    [InlineData(" a")]
    [InlineData("~/a")]
    [InlineData("a\0")]
    [InlineData("a\0/../../b")]
    [InlineData("a\nb")]
    [InlineData("a\tb")]
    [InlineData("a?b")]
    [InlineData("a*b")]
    [InlineData("a|b")]
    [InlineData("$HOME")]
    [InlineData("ａ")] // full-width
    [InlineData("．．/a")] // full-width full stops
    [InlineData("a∕b")] // division slash
    [InlineData("a‮b")] // right-to-left override
    [InlineData("modèle.onnx")]
    [InlineData("NUL")]
    [InlineData("nul.txt")]
    [InlineData("a/con/b")]
    [InlineData("CON .txt")]
    [InlineData("com1.bin")]
    [InlineData("Lpt9")]
    [InlineData("aux.tar.gz")]
    public void Anything_that_might_leave_the_folder_or_look_like_something_else_is_refused(string? text) => Assert.False(FilePath.TryParse(text, out _));

    [Fact]
    public void Five_hundred_and_twelve_characters_are_the_most()
    {
        Assert.True(FilePath.TryParse(new string('a', 512), out _));
        Assert.False(FilePath.TryParse(new string('a', 513), out _));
        Assert.False(FilePath.TryParse(string.Join('/', Enumerable.Repeat("a", 2048)), out _));
    }

    [Fact]
    public void A_refusal_escapes_and_shortens_what_it_quotes()
    {
        var problem = Assert.Throws<FormatException>(() => FilePath.Parse("\u202e/" + new string('b', 4096)));
        Assert.StartsWith("'\\u202e/bbb", problem.Message, StringComparison.Ordinal);
        Assert.InRange(problem.Message.Length, 1, 300);
    }

    [Fact]
    public void Paths_differ_by_case()
    {
        Assert.NotEqual(FilePath.Parse("Model.onnx"), RepositoryLayout.ModelFile);
        Assert.Equal(FilePath.Parse("model.onnx"), RepositoryLayout.ModelFile);
    }
}
