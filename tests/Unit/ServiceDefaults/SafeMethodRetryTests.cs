using System.Net;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Tests.Unit.ServiceDefaults;

public sealed class SafeMethodRetryTests
{
    [Theory]
    [InlineData("GET", HttpStatusCode.ServiceUnavailable, 4)]
    [InlineData("HEAD", HttpStatusCode.BadGateway, 4)]
    [InlineData("GET", HttpStatusCode.OK, 1)]
    [InlineData("GET", HttpStatusCode.NotFound, 1)]
    [InlineData("GET", HttpStatusCode.InternalServerError, 1)]
    [InlineData("POST", HttpStatusCode.ServiceUnavailable, 1)]
    [InlineData("PUT", HttpStatusCode.ServiceUnavailable, 1)]
    [InlineData("DELETE", HttpStatusCode.ServiceUnavailable, 1)]
    public async Task Only_what_is_safe_and_fails_in_passing_is_repeated(string method, HttpStatusCode status, int attempts)
    {
        var server = new Server(_ => new HttpResponseMessage(status));
        using var client = new HttpClient(new SafeMethodRetry(TimeSpan.Zero) { InnerHandler = server });
        using var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "http://x/"), TestContext.Current.CancellationToken);
        Assert.Equal((status, attempts), (answer.StatusCode, server.Attempts));
    }

    [Fact]
    public async Task A_lost_connection_is_repeated_until_it_works()
    {
        var server = new Server(attempt => attempt < 3 ? throw new HttpRequestException("gone") : new HttpResponseMessage(HttpStatusCode.OK));
        using var client = new HttpClient(new SafeMethodRetry(TimeSpan.Zero) { InnerHandler = server });
        using var answer = await client.GetAsync(new Uri("http://x/"), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, 3), (answer.StatusCode, server.Attempts));
    }

    private sealed class Server(Func<int, HttpResponseMessage> answer) : HttpMessageHandler
    {
        public int Attempts { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer(++Attempts));
    }
}
