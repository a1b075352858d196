using System.Text;
using System.Text.Json;
using ModelPlatform.Inference;
using ModelPlatform.Inference.Classification;
using ModelPlatform.Inference.Protocol.Score;

namespace ModelPlatform.Tests.Unit.Inference.Protocol;

/// <summary>The contract of the 2018 recipe: its double encoding, its wrappers and its own test vector.</summary>
public sealed class ScoreJsonTests
{
    private static readonly string[] Synset =
    [
        "n01440764 tench", "n01443537 goldfish", "n01484850 great white shark", "n01491361 tiger shark", "n01494475 hammerhead", "n01496331 electric ray",
        "n01498041 stingray", "n01514668 cock", "n01514859 hen", "n01518878 ostrich",
    ];

    [Fact]
    public void The_recipes_own_vector_gives_its_three_best()
    {
        var best = TopClasses.Of([0, 0, 0, 0, 0, 0, 1, .8f, .7f, 0], softmax: false, ScoreWriter.Top, Synset);

        using var json = JsonDocument.Parse(Write([best], TimeSpan.FromMilliseconds(123.456)));
        var result = json.RootElement.GetProperty("result");
        Assert.Equal("n01498041 stingray", result[0][0][0][0].GetString());
        Assert.Equal(100, result[0][0][0][1].GetDouble(), 4);
        Assert.Equal("n01514668 cock", result[0][0][1][0].GetString());
        Assert.Equal(80, result[0][0][1][1].GetDouble(), 4);
        Assert.Equal("n01514859 hen", result[0][0][2][0].GetString());
        Assert.Equal(70, result[0][0][2][1].GetDouble(), 4);
        Assert.Equal("Computed in 123.46 ms", result[1].GetString());
        Assert.Equal(2, result.GetArrayLength());
    }

    [Fact]
    public void A_string_that_holds_an_array_is_read_with_and_without_Pythons_wrapper() =>
        Assert.Equal([[1, 2, 3], [4, 5]], Read("""{"input":"[\"AQID\", \"b'BAU='\"]"}"""));

    [Fact]
    public void No_pictures_are_no_error() => Assert.Empty(Read("""{"input":"[]"}"""));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"input":["AQID"]}""")]
    [InlineData("""{"input":"AQID"}""")]
    [InlineData("""{"input":"{}"}""")]
    [InlineData("""{"input":"[1]"}""")]
    [InlineData("""{"input":"[[\"AQID\"]]"}""")]
    [InlineData("""{"input":"[\"\"]"}""")]
    [InlineData("""{"input":"[\"A\"]"}""")]
    [InlineData("""{"input":"[\"!!!!\"]"}""")]
    [InlineData("""{"input":"[\"b'\"]"}""")]
    [InlineData("""{"input":"[\"b''\"]"}""")]
    [InlineData("""{"input":"[\"\\ud800\"]"}""")]
    [InlineData("""{"input":"[[[[[[[[[[[[1]]]]]]]]]]]]"}""")]
    public void What_is_not_of_that_form_is_refused(string body) => Assert.Equal(FaultKind.InvalidInput, Assert.Throws<InferenceFault>(() => Read(body)).Kind);

    [Fact]
    public void More_pictures_than_the_limit_are_refused_before_any_is_decoded()
    {
        var body = $$"""{"input":"[{{string.Join(',', Enumerable.Repeat("\\\"!\\\"", 3))}}]"}""";
        Assert.Equal(FaultKind.TooLarge, Assert.Throws<InferenceFault>(() => ScoreReader.Read(Encoding.UTF8.GetBytes(body), maxPictures: 2)).Kind);
    }

    private static IReadOnlyList<byte[]> Read(string body) => [.. ScoreReader.Read(Encoding.UTF8.GetBytes(body), maxPictures: 64).Select(picture => picture.ToArray())];

    private static string Write(IReadOnlyList<Prediction[]> pictures, TimeSpan elapsed)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) ScoreWriter.Write(json, pictures, elapsed);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
