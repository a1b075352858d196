using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd;

/// <summary>A real classifier with real photographs, the way users of the 2018 recipe bring theirs: dropped into the container.</summary>
public sealed class ImageNetTests(ITestOutputHelper output)
{
    private const string Model = "squeezenet";
    private static readonly string Folder = RepositoryRoot.Combine("..", "shared", "data", "imagenet");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_photograph_is_recognised_over_both_contracts_in_the_flat_and_the_versioned_form()
    {
        Assert.SkipUnless(File.Exists(Path.Combine(Folder, "squeezenet1.0-dc-palette.onnx")), "The ImageNet model and photographs are not beside this checkout (../shared/data/imagenet).");
        var onnx = await ReadAsync("squeezenet1.0-dc-palette.onnx");
        var synset = await ReadAsync("synset.txt");
        await using var platform = await PlainPlatform.StartAsync("a");

        await platform.Repository.UploadAsync("synset.txt", synset);
        await platform.Repository.UploadAsync("squeezenet.onnx", onnx);
        var dropped = await ServedAsync(platform, since: null);
        await RecognisesAsync(platform);

        await platform.Repository.UploadAsync("squeezenet.onnx", onnx);
        var overwritten = await ServedAsync(platform, since: dropped);
        Assert.True(long.Parse(overwritten, null) > long.Parse(dropped, null), $"{overwritten} after {dropped}");

        await platform.Repository.PublishAsync(
            new ModelId(ModelName.Parse(Model), new ModelVersion(1)),
            new Dictionary<string, byte[]> { ["model.onnx"] = onnx, ["labels.txt"] = synset },
            new JsonObject { ["labels"] = "labels.txt" });
        await platform.AnswersAsync(Model, 1, null, "a");
        await RecognisesAsync(platform);
    }

    private async Task RecognisesAsync(PlainPlatform platform)
    {
        var rows = (await File.ReadAllLinesAsync(Path.Combine(Folder, "photos", "expected.tsv"), Cancelled)).Skip(1).Select(line => line.Split('\t')).ToList();
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            var photo = await ReadAsync(Path.Combine("photos", row[0]));
            var classified = (string)(await ClassifyAsync(platform, photo))["predictions"]![0]!["label"]!;
            var scored = (string)(await ScoreAsync(platform, photo))["result"]![0]![0]![0]![0]!;
            output.WriteLine($"{row[0]}: {classified}");
            // A line of the synset is the class's WordNet number and its names.
            Assert.StartsWith(row[1] + " ", classified, StringComparison.Ordinal);
            Assert.Equal(classified, scored);
        }
    }

    private static async Task<string> ServedAsync(PlainPlatform platform, string? since)
    {
        string? served = null;
        await Eventually.IsTrueAsync("the dropped model is served", async () =>
        {
            served = await Convergence.VersionOfAsync(platform.Client, platform.AddressOf("a").ToString().TrimEnd('/'), Model);
            return served is not null && served != since;
        });
        return served!;
    }

    private static async Task<JsonNode> ClassifyAsync(PlainPlatform platform, byte[] photo)
    {
        using var body = new ByteArrayContent(photo) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } };
        return await AnswerAsync(await platform.Client.PostAsync(new Uri(platform.AddressOf("a"), $"/v2/models/{Model}/classify"), body, Cancelled));
    }

    private static async Task<JsonNode> ScoreAsync(PlainPlatform platform, byte[] photo) =>
        await AnswerAsync(await platform.Client.PostAsJsonAsync(new Uri(platform.AddressOf("a"), "/score"), new { input = $"[\"{Convert.ToBase64String(photo)}\"]" }, Cancelled));

    private static async Task<JsonNode> AnswerAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            answer.EnsureSuccessStatusCode();
            return (await answer.Content.ReadFromJsonAsync<JsonNode>(Cancelled))!;
        }
    }

    private static Task<byte[]> ReadAsync(string file) => File.ReadAllBytesAsync(Path.Combine(Folder, file), Cancelled);
}
