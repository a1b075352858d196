using System.Text;

namespace ModelPlatform.Bench.Load;

/// <summary>One request, as bytes, sent over and over.</summary>
internal sealed record HttpCall(int Port, byte[] Bytes)
{
    public static HttpCall Post(int port, string path, string contentType, byte[] body, string headers = "") => new(port,
    [
        .. Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {contentType}\r\nContent-Length: {body.Length}\r\n{headers}\r\n"),
        .. body,
    ]);
}
