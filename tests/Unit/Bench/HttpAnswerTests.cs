using System.Text;
using ModelPlatform.Bench.Load;

namespace ModelPlatform.Tests.Unit.Bench;

public sealed class HttpAnswerTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200)]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n", 503)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 200)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1A\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n", 200)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", 204)]
    public void An_answer_is_complete_at_its_last_byte_and_not_before(string text, int status)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        for (var length = 0; length < bytes.Length; length++) Assert.Equal(0, HttpAnswer.StatusOf(bytes.AsSpan(0, length)));
        Assert.Equal(status, HttpAnswer.StatusOf(bytes));
    }

    [Theory]
    [InlineData("HTTP/1.1 503 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", false)]
    public void A_server_may_end_the_connection(string text, bool ends) => Assert.Equal(ends, HttpAnswer.EndsConnection(Encoding.ASCII.GetBytes(text)));
}
