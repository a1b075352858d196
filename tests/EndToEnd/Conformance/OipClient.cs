using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace ModelPlatform.Tests.EndToEnd.Conformance;

/// <summary>The protocol as a foreign client speaks it: written from the protocol's description, over bare HTTP, sharing nothing with what it tests.</summary>
internal sealed class OipClient(Uri server) : IDisposable
{
    private const string JsonLength = "Inference-Header-Content-Length";

    private readonly HttpClient _http = new(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromSeconds(10) }) { Timeout = TimeSpan.FromSeconds(30) };

    public async Task<JsonNode> JsonAsync(string path, string? body = null)
    {
        var answer = body is null ? await SendAsync("GET", path) : await PostAsync(path, body);
        Assert.True(answer is { Status: 200, MediaType: "application/json" }, $"{path}: {answer}");
        return answer.Json;
    }

    public Task<OipAnswer> PostAsync(string path, string json) => SendAsync("POST", path, Content(Encoding.UTF8.GetBytes(json)));

    /// <param name="jsonLength">What the header says instead of the truth.</param>
    public Task<OipAnswer> PostBinaryAsync(string path, string json, byte[] binary, string? jsonLength = null)
    {
        var text = Encoding.UTF8.GetBytes(json);
        return SendAsync("POST", path, Content([.. text, .. binary], jsonLength ?? text.Length.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>A whole body, compressed or in chunks of one byte on request.</summary>
    public static HttpContent Content(byte[] body, string? jsonLength = null, string? encoding = null, bool tinyChunks = false)
    {
        var sent = encoding is null ? body : Compressed(body, encoding);
        HttpContent content = tinyChunks ? new TinyChunks(sent) : new ByteArrayContent(sent);
        content.Headers.ContentType = new MediaTypeHeaderValue(jsonLength is null ? "application/json" : "application/octet-stream");
        if (jsonLength is not null) content.Headers.Add(JsonLength, jsonLength);
        if (encoding is not null) content.Headers.ContentEncoding.Add(encoding);
        return content;
    }

    public async Task<OipAnswer> SendAsync(string verb, string path, HttpContent? content = null, string? acceptEncoding = null)
    {
        // As it is written: an address like %2e%2e would be straightened else.
        var address = new Uri($"{server.ToString().TrimEnd('/')}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new HttpMethod(verb), address) { Content = content };
        // The refusal of what is only announced would meet a client that is still sending.
        if (content?.Headers.ContentLength > 1 << 20) request.Headers.ExpectContinue = true;
        if (acceptEncoding is not null) request.Headers.Add("Accept-Encoding", acceptEncoding);
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var encoding = string.Join(',', answer.Content.Headers.ContentEncoding);
        return new OipAnswer(
            (int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, string.Join(',', answer.Content.Headers.Allow), encoding,
            answer.Headers.TryGetValues(JsonLength, out var lengths) ? int.Parse(lengths.Single(), CultureInfo.InvariantCulture) : null,
            Decompressed(body, encoding));
    }

    public void Dispose() => _http.Dispose();

    private static byte[] Compressed(byte[] plain, string encoding)
    {
        using var compressed = new MemoryStream();
        using (Stream stream = encoding == "gzip" ? new GZipStream(compressed, CompressionLevel.Fastest) : new ZLibStream(compressed, CompressionLevel.Fastest)) stream.Write(plain);
        return compressed.ToArray();
    }

    private static byte[] Decompressed(byte[] body, string encoding)
    {
        if (encoding.Length == 0) return body;
        using Stream stream = encoding == "gzip" ? new GZipStream(new MemoryStream(body), CompressionMode.Decompress) : new ZLibStream(new MemoryStream(body), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        return plain.ToArray();
    }
}
