using System.Text;
using Microsoft.Net.Http.Headers;
using ModelPlatform.Inference;
using ModelPlatform.Inference.Protocol.Rest;

namespace ModelPlatform.Tests.Unit.Inference.Protocol;

public sealed class PictureBodyTests
{
    private static readonly byte[] Boundary = MultipartPictures.Boundary(MediaTypeHeaderValue.Parse("multipart/form-data; boundary=\"xy\""));

    [Theory]
    [InlineData("--xy\r\nContent-Type: image/png\r\n\r\none\r\n--xy\r\nA: b\r\nC: d\r\n\r\n\r\ntwo--xy\r\n\r\n--xy--\r\n", "one|\r\ntwo--xy\r\n")]
    [InlineData("preamble\r\n--xy\r\nA: b\r\n\r\none\r\n--xy--epilogue", "one")]
    [InlineData("--xy \r\nA: b\r\n\r\n\r\n--xy--", "")]
    public void The_parts_of_a_form_are_its_pictures_in_order(string body, string expected) =>
        Assert.Equal(expected.Split('|'), Multipart(body).Select(Text));

    [Theory]
    [InlineData("", "boundary")]
    [InlineData("--yx\r\nA: b\r\n\r\none\r\n--yx--", "boundary")]
    [InlineData("--xy--", "no picture")]
    [InlineData("--xy\r\nA: b", "Picture 0")]
    [InlineData("--xy\r\nA: b\r\n\r\none\r\n--xy\r\nA: b\r\n\r\ntwo", "Picture 1")]
    [InlineData("--xyz\r\nA: b\r\n\r\none\r\n--xy--", "Picture 0")]
    public void A_form_that_is_not_whole_is_refused_with_the_place(string body, string reason)
    {
        var fault = Assert.Throws<InferenceFault>(() => Multipart(body));
        Assert.Equal(FaultKind.InvalidInput, fault.Kind);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_beginning_of_a_form_is_read_without_another_fault()
    {
        const string Whole = "--xy\r\nA: b\r\n\r\none\r\n--xy\r\n\r\ntwo\r\n--xy--";
        for (var length = 0; length < Whole.Length; length++)
        {
            try { Multipart(Whole[..length]); }
            catch (InferenceFault) { continue; }
        }
    }

    [Fact]
    public void More_pictures_than_the_limit_are_refused()
    {
        Assert.Equal(FaultKind.TooLarge, Assert.Throws<InferenceFault>(() => Multipart(string.Concat(Enumerable.Repeat("--xy\r\nA: b\r\n\r\none\r\n", 4)) + "--xy--")).Kind);
        Assert.Equal(FaultKind.TooLarge, Assert.Throws<InferenceFault>(() => Json("""{"images":["YQ==","YQ==","YQ==","YQ=="]}""")).Kind);
    }

    [Fact]
    public void Pictures_in_json_are_read_in_order_and_other_members_left_aside() =>
        Assert.Equal(["a", "bc"], Json("""{"a":{"images":[1]},"images":["YQ==","YmM="],"z":[1]}""").Select(Text));

    [Theory]
    [InlineData("""[]""", "The body")]
    [InlineData("""{}""", "'images'")]
    [InlineData("""{"images":[]}""", "'images'")]
    [InlineData("""{"images":"YQ=="}""", "'images'")]
    [InlineData("""{"images":["YQ=="],"images":["YQ=="]}""", "'images'")]
    [InlineData("""{"images":["YQ==",7]}""", "Picture 1")]
    [InlineData("""{"images":["YQ==","!"]}""", "Picture 1")]
    [InlineData("""{"images":["YQ=="]} x""", "The body")]
    [InlineData("""{"images":["YQ==" """, "The body")]
    public void What_is_wrong_in_json_is_named(string body, string reason) =>
        Assert.Contains(reason, Assert.Throws<InferenceFault>(() => Json(body)).Message, StringComparison.Ordinal);

    private static IReadOnlyList<ReadOnlyMemory<byte>> Multipart(string body) => MultipartPictures.Read(Encoding.Latin1.GetBytes(body), Boundary, 3);

    private static IReadOnlyList<ReadOnlyMemory<byte>> Json(string body) => JsonPictures.Read(Encoding.UTF8.GetBytes(body), 3);

    private static string Text(ReadOnlyMemory<byte> picture) => Encoding.Latin1.GetString(picture.Span);
}
