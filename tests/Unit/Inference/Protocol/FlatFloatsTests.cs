using System.Text;
using ModelPlatform.Inference;
using ModelPlatform.Inference.Protocol.Rest;

namespace ModelPlatform.Tests.Unit.Inference.Protocol;

public sealed class FlatFloatsTests
{
    [Theory]
    [InlineData("1,2.5,-3e2]}", 10)]
    [InlineData(" 1 ,\n2.5\t,\r-3E+2 ]", 17)]
    public void An_array_of_numbers_is_read_up_to_its_end(string text, int end)
    {
        var elements = new float[3];
        Assert.Equal(end, FlatFloats.Read(Encoding.UTF8.GetBytes(text), elements));
        Assert.Equal([1, 2.5f, -300], elements);
    }

    [Theory]
    [InlineData("")]
    [InlineData("]")]
    [InlineData("1,2]")]
    [InlineData("1,2,3")]
    [InlineData("1,2,3,]")]
    [InlineData("1,2,3,4]")]
    [InlineData("1,,3]")]
    [InlineData("1 2 3]")]
    [InlineData("1,2,03]")]
    [InlineData("1,2,-]")]
    [InlineData("1,2,.5]")]
    [InlineData("1,2,5.]")]
    [InlineData("1,2,5e]")]
    [InlineData("1,2,5e+]")]
    [InlineData("1,2,+3]")]
    [InlineData("1,2,1e39]")]
    [InlineData("1,2,NaN]")]
    [InlineData("1,2,null]")]
    [InlineData("1,2,\"3\"]")]
    [InlineData("[1],[2],[3]]")]
    [InlineData("1,2,3}")]
    public void Anything_else_is_left_to_the_general_reader(string text) =>
        Assert.All(new[] { text, $"{new string(' ', 64)}{text}{new string(' ', 64)}" }, each => Assert.Equal(-1, FlatFloats.Read(Encoding.UTF8.GetBytes(each), new float[3])));

    [Fact]
    public void What_follows_the_numbers_is_read_as_ever()
    {
        var call = Read("""{"inputs":[{"name":"a","shape":[3],"datatype":"FP32","data":[1,2,3],"parameters":{}},{"data":[4,5],"name":"b","shape":[2],"datatype":"FP32"}],"id":"x"}""").Call;
        Assert.Equal("x", call.Id);
        Assert.Equal([1, 2, 3, 4, 5], call.Inputs.SelectMany(input => input.Elements<float>().ToArray()));
    }

    [Theory]
    [InlineData("{\"inputs\":[{\"name\":\"a\",\"shape\":[3],\"datatype\":\"FP32\",\n\"data\":[1,2,3],\n\"oops\"}]}", "line 3, byte 6")]
    [InlineData("{\"inputs\":[{\"name\":\"a\",\"shape\":[3],\"datatype\":\"FP32\",\n\"data\":[1,\n2,3]]}]}", "line 3, byte 4")]
    public void An_error_after_them_is_told_where_it_is(string body, string place) =>
        Assert.Contains(place, Assert.Throws<InferenceFault>(() => Read(body)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_later_input_cannot_ask_for_more_than_is_left_of_the_body()
    {
        var numbers = string.Join(',', Enumerable.Repeat("1", 1000));
        var body = $$"""{"inputs":[{"name":"a","shape":[1000],"datatype":"FP32","data":[{{numbers}}]},{"name":"b","shape":[900],"datatype":"FP32","data":[1]}]}""";
        Assert.Contains("too short", Assert.Throws<InferenceFault>(() => Read(body)).Message, StringComparison.Ordinal);
    }

    private static InferRequest Read(string body) => InferReader.Read(new InferBody(Encoding.UTF8.GetBytes(body), null), maxDepth: 100);
}
