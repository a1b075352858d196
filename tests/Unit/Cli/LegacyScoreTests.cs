using System.Text;
using System.Text.Json;
using ModelPlatform.Cli.Scoring;

namespace ModelPlatform.Tests.Unit.Cli;

public sealed class LegacyScoreTests
{
    [Fact]
    public async Task Pictures_are_base64_in_json_in_a_string_of_json()
    {
        using var body = LegacyScore.Body([[1, 2, 3], [255]]);
        Assert.Equal("application/json", body.Headers.ContentType?.ToString());
        using var outer = JsonDocument.Parse(await body.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("""["AQID","/w=="]""", outer.RootElement.GetProperty("input").GetString());
    }

    [Fact]
    public void The_best_labels_of_each_picture_are_read()
    {
        var score = LegacyScore.Parse("""{"result": [[[["a", 97.5], ["b", 1]], [["c", 50.0]]], "Computed in 1.50 ms"]}"""u8.ToArray());
        Assert.Equal("Computed in 1.50 ms", score.Computed);
        Assert.Equal([[new("a", 97.5), new("b", 1)], [new LegacyLabel("c", 50)]], score.Pictures);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"result": "x"}""")]
    [InlineData("""{"result": []}""")]
    [InlineData("""{"result": [[]]}""")]
    [InlineData("""{"result": [[[["a"]]], "x"]}""")]
    [InlineData("""{"result": [[[["a", "b"]]], "x"]}""")]
    [InlineData("""{"result": [[[[null, 1]]], "x"]}""")]
    [InlineData("""{"result": [[[["a", 1]]], 5]}""")]
    public void An_answer_of_another_form_is_refused(string json) => Assert.ThrowsAny<JsonException>(() => LegacyScore.Parse(Encoding.UTF8.GetBytes(json)));
}
