using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace ModelPlatform.Tests.EndToEnd.BadInput;

/// <summary>Pictures of every kind over both routes: the bad ones are refused with a reason and at no cost, the odd ones scored right.</summary>
[Collection(OnePlatform.Name)]
public sealed class PictureTests(BadInputPlatform bad, ITestOutputHelper output)
{
    [Fact]
    public async Task A_bad_picture_is_refused_with_a_reason_and_memory_stays_flat()
    {
        // The first answer of each route pays for compiling it.
        foreach (var odd in OddPicture.All.Take(1)) await Task.WhenAll(ClassifyAsync(odd.MediaType, odd.Bytes), ScoreAsync(odd.Bytes));

        foreach (var picture in BadPicture.All)
        {
            await bad.RefusesAsync(output, $"{picture.Kind} at classify", picture.Status, () => ClassifyAsync(picture.MediaType, picture.Bytes));
            await bad.RefusesAsync(output, $"{picture.Kind} at /score", picture.Score, () => ScoreAsync(picture.Bytes));
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

    private Task<(int Status, string Body)> ClassifyAsync(string? mediaType, byte[] picture)
    {
        var body = new ByteArrayContent(picture);
        if (mediaType is not null) body.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return bad.SendAsync($"/v2/models/{BadInputPlatform.Quarters}/classify", body);
    }

    private Task<(int Status, string Body)> ScoreAsync(byte[] picture) =>
        bad.SendAsync("/score", JsonContent.Create(new { input = $"[\"{Convert.ToBase64String(picture)}\"]" }));
}
