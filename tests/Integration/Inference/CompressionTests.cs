using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>Answers that are compressed for clients that ask for it.</summary>
public sealed class CompressionTests(Azurite azurite) : OneReplica(azurite)
{
    private const int Width = 5000;

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("gzip", false)]
    [InlineData("deflate", true)]
    [InlineData("deflate", false)]
    public async Task A_large_answer_is_that_of_who_does_not_ask_and_its_header_counts_bytes_before_compression(string encoding, bool isBinary)
    {
        using var client = await StartAsync();
        using var plain = await SendAsync(client, null, isBinary);
        using var answer = await SendAsync(client, encoding, isBinary);
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.Equal([encoding], answer.Content.Headers.ContentEncoding);
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);

        var compressed = await answer.Content.ReadAsByteArrayAsync(Cancelled);
        using var body = new MemoryStream();
        using (Stream decompress = encoding == "gzip" ? new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress) : new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress))
            await decompress.CopyToAsync(body, Cancelled);
        var whole = body.ToArray();
        Assert.Equal(await plain.Content.ReadAsByteArrayAsync(Cancelled), whole);
        Assert.InRange(compressed.Length, 1, whole.Length / 4);
        Assert.Equal(plain.Content.Headers.ContentType, answer.Content.Headers.ContentType);
        if (!isBinary) return;

        var head = int.Parse(Assert.Single(answer.Headers.GetValues("Inference-Header-Content-Length")), CultureInfo.InvariantCulture);
        Assert.Equal(4 * Width, (int)JsonNode.Parse(whole.AsSpan(0, head))!["outputs"]![0]!["parameters"]!["binary_data_size"]!);
        Assert.Equal(4 * Width, whole.Length - head);
    }

    [Theory]
    [InlineData("/v2/models/small/infer")]
    [InlineData("/v2/models/nope/infer")]
    [InlineData("/v2/models/m")]
    public async Task Short_answers_and_what_is_no_inference_stay_as_they_are(string path)
    {
        using var client = await StartAsync();
        using var request = new HttpRequestMessage(path.EndsWith("infer", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get, path) { Headers = { AcceptEncoding = { new StringWithQualityHeaderValue("gzip") } } };
        if (request.Method == HttpMethod.Post) request.Content = new StringContent("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""");
        using var answer = await client.SendAsync(request, Cancelled);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
        Assert.NotNull(await InferenceApp.JsonOf(answer));
    }

    private async Task<HttpClient> StartAsync()
    {
        var wide = await Repository.PublishAsync(Id(1), Files(OnnxModels.Times(3, Width)));
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(wide)), ("small", RepositoryContainer.Model(await PublishTimesAsync(2))));
        var client = Start().CreateClient();
        await ReadyAsync(client);
        return client;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string? encoding, bool isBinary)
    {
        var numbers = Enumerable.Range(0, Width).Select(i => i % 10f).ToArray();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/m/infer");
        request.Content = isBinary
            ? new ByteArrayContent(MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray()) { Headers = { { "Inference-Header-Content-Length", "0" } } }
            : new StringContent($$"""{"inputs":[{"name":"x","shape":[1,{{Width}}],"datatype":"FP32","data":[{{string.Join(',', numbers)}}]}]}""");
        if (encoding is not null) request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(encoding));
        return await client.SendAsync(request, Cancelled);
    }
}
