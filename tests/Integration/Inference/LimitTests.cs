using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>Compressed bodies, slow senders and long runs, on a real socket.</summary>
public sealed class LimitTests(Azurite azurite, ITestOutputHelper output) : OneReplica(azurite)
{
    private const int MaxBody = 64 * 1024;
    private const string Key = Sync.SyncHost.Key;
    private InferenceApp? _app;

    private const string OneRound = """{"inputs":[{"name":"rounds","shape":[1],"datatype":"INT64","data":[1]}]}""";
    private const string EndlessRounds = """{"inputs":[{"name":"rounds","shape":[1],"datatype":"INT64","data":[9223372036854775807]}]}""";

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task A_compressed_body_is_read_as_what_it_holds(string encoding)
    {
        using var client = await StartAsync();
        using var answer = await PostAsync(client, Compressed(encoding, Encoding.UTF8.GetBytes(OneRound)), encoding);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal(1, (long)(await InferenceApp.JsonOf(answer))["outputs"]![0]!["data"]![0]!);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task A_body_that_is_too_large_only_once_decompressed_is_413(string encoding)
    {
        using var client = await StartAsync();
        var bomb = Compressed(encoding, new byte[1000 * MaxBody]);
        using var answer = await PostAsync(client, bomb, encoding);
        await InferenceApp.IsErrorAsync(HttpStatusCode.RequestEntityTooLarge, answer);
    }

    [Theory]
    [InlineData("gzip", 400)]
    [InlineData("deflate", 400)]
    [InlineData("br", 415)]
    [InlineData("zstd", 415)]
    [InlineData("gzip, gzip", 415)]
    [InlineData("identity", 415)]
    public async Task A_body_that_is_not_what_its_encoding_says_is_refused(string encoding, int status)
    {
        using var client = await StartAsync();
        using var answer = await PostAsync(client, Encoding.UTF8.GetBytes(OneRound), encoding);
        await InferenceApp.IsErrorAsync((HttpStatusCode)status, answer);
    }

    [Fact]
    public async Task A_run_that_takes_longer_than_the_deadline_is_ended_and_504()
    {
        using var client = await StartAsync(("Limits:Deadline", "00:00:00.5"), ("Execution:Concurrency", "1"));
        using var sums = new MeterSums(_app!);
        var started = Stopwatch.GetTimestamp();
        using var answer = await PostAsync(client, Encoding.UTF8.GetBytes(EndlessRounds));
        output.WriteLine($"ended after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s");
        await InferenceApp.IsErrorAsync(HttpStatusCode.GatewayTimeout, answer);
        Assert.Equal(1, sums["modelplatform.inference.request.duration model.name=m outcome=deadline_exceeded"]);

        // The one place that the model has is free again.
        using var next = await PostAsync(client, Encoding.UTF8.GetBytes(OneRound));
        Assert.True(next.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_sender_that_does_not_get_done_is_cut_off_by_the_deadline_and_slows_nobody()
    {
        using var client = await StartAsync(("Limits:Deadline", "00:00:00.5"));
        using var socket = new TcpClient();
        await socket.ConnectAsync(client.BaseAddress!.Host, client.BaseAddress.Port, Cancelled);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("POST /v2/models/m/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"), Cancelled);

        using var other = await PostAsync(client, Encoding.UTF8.GetBytes(OneRound));
        Assert.True(other.IsSuccessStatusCode);
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 504", await reader.ReadLineAsync(Cancelled), StringComparison.Ordinal);
        Assert.DoesNotContain(_app!.Logs.Warnings, text => text.Contains("drain", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_body_in_thousands_of_chunks_is_one_body()
    {
        using var client = await StartAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync(client.BaseAddress!.Host, client.BaseAddress.Port, Cancelled);
        var padded = OneRound + new string(' ', 10_000);
        var chunks = string.Concat(padded.Select(character => $"1\r\n{character}\r\n"));
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /v2/models/m/infer HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n"), Cancelled);
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 200", await reader.ReadLineAsync(Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("index", null)]
    [InlineData("index", "gzip")]
    [InlineData("models/m/load", null)]
    [InlineData("models/m/unload", "gzip")]
    public async Task The_repository_takes_small_bodies_only(string route, string? encoding)
    {
        using var client = await StartAsync(("Limits:MaxBodyBytes", $"{100 * MaxBody}"), ("Platform:Key", Key));
        client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        var body = Encoding.UTF8.GetBytes("{}" + new string(' ', MaxBody));
        using var answer = await PostAsync(client, encoding is null ? body : Compressed(encoding, body), encoding, $"/v2/repository/{route}");
        await InferenceApp.IsErrorAsync(HttpStatusCode.RequestEntityTooLarge, answer);
    }

    [Fact]
    public async Task Who_has_no_key_is_told_so_before_his_body_is_read()
    {
        using var client = await StartAsync(("Platform:Key", Key));
        using var socket = new TcpClient();
        await socket.ConnectAsync(client.BaseAddress!.Host, client.BaseAddress.Port, Cancelled);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("POST /v2/repository/models/m/unload HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"), Cancelled);
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 401", await reader.ReadLineAsync(Cancelled).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancelled), StringComparison.Ordinal);
    }

    private async Task<HttpClient> StartAsync(params (string, string)[] settings)
    {
        var version = await Repository.PublishAsync(Id(1), Files(OnnxModels.Spin()));
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(version)));
        _app = Start([("Limits:MaxBodyBytes", $"{MaxBody}"), .. settings]);
        var client = _app.StartOnSocket();
        await ReadyAsync(client);
        return client;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, byte[] body, string? encoding = null, string path = "/v2/models/m/infer")
    {
        var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        if (encoding is not null) content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        return client.PostAsync(path, content, Cancelled);
    }

    private static byte[] Compressed(string encoding, byte[] content)
    {
        using var compressed = new MemoryStream();
        using (Stream compress = encoding switch
        {
            "gzip" => new GZipStream(compressed, CompressionLevel.Fastest),
            _ => new ZLibStream(compressed, CompressionLevel.Fastest),
        })
            compress.Write(content);
        return compressed.ToArray();
    }
}
