using System.Diagnostics;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using ModelPlatform.Tests.EndToEnd.Hosting;

namespace ModelPlatform.Tests.EndToEnd.BadInput;

/// <summary>Bodies that are too much, and senders that take their time.</summary>
[Collection(OnePlatform.Name)]
public sealed class BodyTests(BadInputPlatform bad, ITestOutputHelper output)
{
    private const int Limit = 64 << 20;
    private const string Infer = $"/v2/models/{BadInputPlatform.Steady}/infer";
    private const double MostForABody = 400;
    private const string OneRow = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Infer, "application/json")]
    [InlineData("/score", "application/json")]
    [InlineData($"/v2/models/{BadInputPlatform.Quarters}/classify", "image/png")]
    public async Task A_body_over_the_limit_is_413_announced_chunked_or_compressed(string path, string mediaType)
    {
        var tooLarge = new byte[Limit + 1];
        await bad.RefusesAsync(output, $"{path}, announced", 413, () => PostAsync(path, mediaType, tooLarge));
        // How large these are is seen only at their end, when the limit's worth of them lies in memory, in a buffer that has doubled up to there.
        await bad.RefusesAsync(output, $"{path}, chunked", 413, () => PostAsync(path, mediaType, tooLarge, chunked: true), MostForABody);
        await bad.RefusesAsync(output, $"{path}, gzip", 413, () => PostAsync(path, mediaType, Compressed(4 * Limit), "gzip"), MostForABody);
        await bad.RefusesAsync(output, $"{path}, broken gzip", 400, () => PostAsync(path, mediaType, Encoding.ASCII.GetBytes(OneRow), "gzip"));
        await bad.RefusesAsync(output, $"{path}, zstd", 415, () => PostAsync(path, mediaType, Encoding.ASCII.GetBytes(OneRow), "zstd"));
        await bad.AnswersAsEverAsync();
    }

    [Fact]
    public async Task A_body_of_numbers_up_to_the_limit_costs_little_more_than_itself()
    {
        const int Rows = Limit / 12;
        var body = Encoding.ASCII.GetBytes($$"""{"inputs":[{"name":"x","shape":[{{Rows}},3],"datatype":"FP32","data":[{{string.Join(',', Enumerable.Repeat("1,2,3", Rows))}}]}]}""");
        await bad.RefusesAsync(output, $"{body.Length >> 20} MiB of numbers in a wrong shape", 400, () => PostAsync(Infer, "application/json", body), MostForABody);
    }

    [Fact]
    public async Task Ten_thousand_tiny_chunks_are_one_body()
    {
        var padded = OneRow + new string(' ', 10_000 - OneRow.Length);
        var chunks = string.Concat(padded.Select(character => $"1\r\n{character}\r\n"));
        var started = Stopwatch.GetTimestamp();
        var (status, answer) = await RawHttp.SendAsync(bad.Platform.AddressOf("a"), $"POST {Infer} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n");
        output.WriteLine($"{status} after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
        Assert.True(status == 200, answer);
    }

    [Fact]
    public async Task Senders_of_a_byte_a_second_are_cut_off_and_slow_nobody()
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var slow = Enumerable.Range(0, 50).Select(_ => TrickleAsync(enough.Token)).ToList();

        var times = new List<double>();
        while (slow.Any(sender => !sender.IsCompleted))
        {
            var started = Stopwatch.GetTimestamp();
            var (status, answer) = await PostAsync(Infer, "application/json", Encoding.ASCII.GetBytes(OneRow));
            Assert.True(status == 200, answer);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        times.Sort();
        output.WriteLine($"50 slow senders; {times.Count} others meanwhile, p50 {times[times.Count / 2]:0.0} ms, p99 {times[times.Count * 99 / 100]:0.0} ms");
        var refusals = await Task.WhenAll(slow);
        output.WriteLine($"cut off after {refusals.Min(refusal => refusal.Seconds):0.0} to {refusals.Max(refusal => refusal.Seconds):0.0} s with {string.Join(", ", refusals.Select(refusal => refusal.Status).Distinct())}");
        Assert.All(refusals, refusal => Assert.True(refusal.Status is "408" or "504" or "none", refusal.Status));
    }

    private async Task<(string Status, double Seconds)> TrickleAsync(CancellationToken cancelled)
    {
        var started = Stopwatch.GetTimestamp();
        using var socket = new TcpClient();
        await socket.ConnectAsync(bad.Platform.AddressOf("a").Host, bad.Platform.AddressOf("a").Port, cancelled);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {Infer} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"), cancelled);
        using var reader = new StreamReader(stream);
        var answer = reader.ReadLineAsync(cancelled).AsTask();
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (!answer.IsCompleted && await second.WaitForNextTickAsync(cancelled))
        {
            try { await stream.WriteAsync("{"u8.ToArray(), cancelled); }
            catch (IOException) { break; }   // cut off
        }
        string? line = null;
        try { line = await answer; }
        catch (IOException) { /* without a word */ }
        return (line?.Split(' ')[1] ?? "none", Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private Task<(int Status, string Body)> PostAsync(string path, string mediaType, byte[] content, string? encoding = null, bool chunked = false)
    {
        var body = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
        if (encoding is not null) body.Headers.ContentEncoding.Add(encoding);
        return bad.SendAsync(path, body, chunked);
    }

    private static byte[] Compressed(int zeros)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest)) gzip.Write(new byte[zeros]);
        return compressed.ToArray();
    }
}
