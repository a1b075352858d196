using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ModelPlatform.Tests.EndToEnd.Hosting;

/// <summary>Requests as they are written, byte by byte: a client library would straighten them first.</summary>
internal static class RawHttp
{
    /// <param name="target">What stands between the method and the protocol.</param>
    /// <returns>Status 0 where the server closed the connection without an answer.</returns>
    public static Task<(int Status, string Answer)> SendAsync(Uri server, string method, string target, string headers = "", string body = "") => SendAsync(
        server, $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n{body}");

    /// <param name="request">All of it; it has to ask for the connection's end.</param>
    public static async Task<(int Status, string Answer)> SendAsync(Uri server, string request)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        enough.CancelAfter(TimeSpan.FromSeconds(10));
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Host, server.Port, enough.Token);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request), enough.Token);
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(enough.Token);
        return (answer.Length == 0 ? 0 : int.Parse(answer.Split(' ')[1], CultureInfo.InvariantCulture), answer);
    }
}
