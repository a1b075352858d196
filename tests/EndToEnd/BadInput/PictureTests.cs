using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ModelPlatform.Tests.EndToEnd.Hosting;

namespace ModelPlatform.Tests.EndToEnd.BadInput;

/// <summary>Pictures of every kind over both routes: the bad ones are refused with a reason and at no cost, the odd ones scored right.</summary>
[Collection(OnePlatform.Name)]
public sealed class PictureTests(BadInputPlatform bad, ITestOutputHelper output)
{
    private const double MaxGrowth = 150;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bad_picture_is_refused_with_a_reason_and_memory_stays_flat()
    {
        // The first answer of each route pays for compiling it.
        foreach (var odd in OddPicture.All.Take(1)) await Task.WhenAll(ClassifyAsync(odd.MediaType, odd.Bytes), ScoreAsync(odd.Bytes));

        foreach (var picture in BadPicture.All)
        {
            await RefusedAsync($"{picture.Kind} at classify", picture.Status, () => ClassifyAsync(picture.MediaType, picture.Bytes));
            await RefusedAsync($"{picture.Kind} at /score", picture.Score, () => ScoreAsync(picture.Bytes));
        }
        await bad.AnswersAsEverAsync();
    }

    [Fact]
    public async Task An_odd_but_valid_picture_is_scored_right_by_both_routes()
    {
        foreach (var picture in OddPicture.All)
        {
            var (status, answer) = await ClassifyAsync(picture.MediaType, picture.Bytes);
            Assert.True(status == 200, $"{picture.Kind}: {status} {answer}");
            var predictions = JsonNode.Parse(answer)!["predictions"]!.AsArray().Select(best => (Label: (string)best!["label"]!, Value: (double)best["probability"]!)).ToList();
            Assert.Equal(12, predictions.Count);
            foreach (var (label, value) in predictions)
                Assert.True(Math.Abs(value - picture.Expected(label)) * 255 <= picture.Tolerance, $"{picture.Kind}: {label} is {value * 255:0}, not {picture.Expected(label) * 255:0}");

            var (scored, result) = await ScoreAsync(picture.Bytes);
            Assert.True(scored == 200, $"{picture.Kind}: {scored} {result}");
            var best = JsonNode.Parse(result)!["result"]![0]![0]!.AsArray();
            Assert.Equal(predictions.Take(3).Select(one => one.Label), best.Select(one => (string)one![0]!));
            Assert.All(best.Zip(predictions), pair => Assert.Equal(pair.Second.Value * 100, (double)pair.First![1]!, 3));
        }
    }

    private async Task RefusedAsync(string what, int expected, Func<Task<(int Status, string Body)>> send)
    {
        var process = bad.Platform.ProcessIdOf("a");
        ResidentMemory.ForgetPeak(process);
        var before = ResidentMemory.Of(process);
        var started = Stopwatch.GetTimestamp();
        var (status, body) = await send();
        var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var (after, peak) = (ResidentMemory.Of(process), ResidentMemory.PeakOf(process));

        var reason = status == 200 ? "" : (string?)JsonNode.Parse(body)!["error"];
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {status} in {elapsed:0.0} ms, {before:0} → {after:0} MiB, peak {peak:0} MiB. {reason}"));
        Assert.True(status == expected, $"{what}: {status} {body}");
        Assert.True(status == 200 || reason is { Length: > 10 }, $"{what}: no reason in {body}");
        Assert.True(peak - before < MaxGrowth, $"{what}: {before:0} MiB grew to {peak:0} MiB");
    }

    private Task<(int Status, string Body)> ClassifyAsync(string? mediaType, byte[] picture)
    {
        var body = new ByteArrayContent(picture);
        if (mediaType is not null) body.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return SendAsync($"/v2/models/{BadInputPlatform.Quarters}/classify", body);
    }

    private Task<(int Status, string Body)> ScoreAsync(byte[] picture) =>
        SendAsync("/score", JsonContent.Create(new { input = $"[\"{Convert.ToBase64String(picture)}\"]" }));

    private async Task<(int Status, string Body)> SendAsync(string path, HttpContent body)
    {
        using var answer = await bad.Platform.Client.PostAsync(new Uri(bad.Platform.AddressOf("a"), path), body, Cancelled);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
    }
}
