using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>What a client gets over every route, and what it is told when it asks wrongly.</summary>
public sealed class ScoringTests(Azurite azurite) : OneReplica(azurite)
{
    [Fact]
    public async Task The_sample_classifies_the_sample_pictures_and_names_its_version()
    {
        await Repository.WantAsync(1, ("fashion", RepositoryContainer.Model(await Repository.PublishFolderAsync(new ModelId(ModelName.Parse("fashion"), new ModelVersion(2)), RepositoryRoot.Combine("samples", "fashion", "2")))));
        using var client = Start().CreateClient();
        await ReadyAsync(client);

        using var answer = await ClassifyAsync(client, "fashion", RepositoryRoot.Combine("samples", "fashion", "images", "sneaker.png"), "image/png");
        var json = await InferenceApp.JsonOf(answer);
        Assert.Equal(("fashion", "2"), ((string?)json["model_name"], (string?)json["model_version"]));
        Assert.Equal(("Sneaker", 7), ((string?)json["predictions"]![0]!["label"], (int?)json["predictions"]![0]!["index"]));
        Assert.InRange((float)json["predictions"]![0]!["probability"]!, 0.9f, 1f);
        Assert.Equal(5, json["predictions"]!.AsArray().Count);

        using var large = await ClassifyAsync(client, "fashion", RepositoryRoot.Combine("samples", "fashion", "images", "ankle-boot-large.jpg"), "image/jpeg");
        Assert.Equal("Ankle boot", (string?)(await InferenceApp.JsonOf(large))["predictions"]![0]!["label"]);

        using var fake = await client.PostAsync("/v2/models/fashion/classify", Picture([1, 2, 3], "image/png"), Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, fake.StatusCode);
        using var text = await client.PostAsync("/v2/models/fashion/classify", Picture([1, 2, 3], "text/plain"), Cancelled);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, text.StatusCode);
        using var elsewhere = await client.PostAsync("/v2/models/fashion/versions/1/classify", Picture([1, 2, 3], "image/png"), Cancelled);
        Assert.Equal("Version 1 of model 'fashion' is not served here; 2 is.", (string?)(await InferenceApp.JsonOf(elsewhere))["error"]);
    }

    [Fact]
    public async Task Several_pictures_are_classified_in_order_as_files_and_in_json_and_one_that_is_none_is_named()
    {
        await Repository.WantAsync(1, ("fashion", RepositoryContainer.Model(await Repository.PublishFolderAsync(new ModelId(ModelName.Parse("fashion"), new ModelVersion(2)), RepositoryRoot.Combine("samples", "fashion", "2")))));
        using var client = Start().CreateClient();
        await ReadyAsync(client);
        var names = Enumerable.Repeat(new[] { "sneaker", "bag", "trouser" }, 4).SelectMany(name => name).ToList();
        var pictures = names.Select(name => File.ReadAllBytes(RepositoryRoot.Combine("samples", "fashion", "images", $"{name}.png"))).ToList();

        using var form = Form(pictures);
        using var fromForm = await client.PostAsync("/v2/models/fashion/classify", form, Cancelled);
        using var fromJson = await client.PostAsJsonAsync("/v2/models/fashion/classify", new { images = pictures.Select(Convert.ToBase64String) }, Cancelled);
        foreach (var answer in new[] { fromForm, fromJson })
        {
            var json = await InferenceApp.JsonOf(answer);
            Assert.Equal(("fashion", "2"), ((string?)json["model_name"], (string?)json["model_version"]));
            Assert.Equal(names, json["pictures"]!.AsArray().Select(picture => ((string?)picture!["predictions"]![0]!["label"])!.ToLowerInvariant()));
            Assert.All(json["pictures"]!.AsArray(), picture => Assert.Equal(5, picture!["predictions"]!.AsArray().Count));
        }

        using var broken = Form([.. pictures.Take(7), [1, 2, 3], .. pictures.Skip(7)]);
        using var refused = await client.PostAsync("/v2/models/fashion/classify", broken, Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.StartsWith("Picture 7: ", (string?)(await InferenceApp.JsonOf(refused))["error"], StringComparison.Ordinal);

        using var many = await client.PostAsJsonAsync("/v2/models/fashion/classify", new { images = Enumerable.Repeat("YQ==", 65) }, Cancelled);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, many.StatusCode);
    }

    private static MultipartFormDataContent Form(IEnumerable<byte[]> pictures)
    {
        var form = new MultipartFormDataContent();
        foreach (var (index, picture) in pictures.Index()) form.Add(new ByteArrayContent(picture), $"picture{index}", $"{index}.png");
        return form;
    }

    [Fact]
    public async Task The_contract_of_the_2018_recipe_is_answered()
    {
        using var client = Start().CreateClient();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/", Cancelled)).StatusCode);
        var fashion = RepositoryContainer.Model(await Repository.PublishFolderAsync(new ModelId(ModelName.Parse("fashion"), new ModelVersion(2)), RepositoryRoot.Combine("samples", "fashion", "2")));
        await Repository.WantAsync(1, ("fashion", fashion), ("m", RepositoryContainer.Model(await PublishTimesAsync(1))));
        await ReadyAsync(client);
        Assert.Equal("Healthy", await client.GetStringAsync("/", Cancelled));
        Assert.Matches(@"^\d+\.\d+\.\d+", await client.GetStringAsync("/version", Cancelled));

        var picture = Convert.ToBase64String(await File.ReadAllBytesAsync(RepositoryRoot.Combine("samples", "fashion", "images", "sneaker.png"), Cancelled));
        using var body = new StringContent(new JsonObject { ["input"] = $"[\"{picture}\", \"b'{picture}'\"]" }.ToJsonString());
        body.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json; charset=utf-8");
        using var answer = await client.PostAsync("/score", body, Cancelled);
        var result = (await InferenceApp.JsonOf(answer))["result"]!;
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("2", Assert.Single(answer.Headers.GetValues("Model-Version")));
        Assert.Equal(2, result[0]!.AsArray().Count);
        Assert.Equal(3, result[0]![1]!.AsArray().Count);
        Assert.Equal("Sneaker", (string?)result[0]![0]![0]![0]);
        Assert.InRange((double)result[0]![0]![0]![1]!, 90, 100);
        Assert.Matches(@"^Computed in [\d.]+ ms$", (string?)result[1]);

        using var text = await client.PostAsync("/score", new StringContent("{}"), Cancelled);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, text.StatusCode);

        await Repository.WantAsync(2, ("fashion", fashion), ("other", fashion));
        await Eventually.IsTrueAsync("two classifiers", async () => (await client.GetAsync("/v2/models/other/ready", Cancelled)).IsSuccessStatusCode);
        using var ambiguous = await client.PostAsJsonAsync("/score", new { input = "[]" }, Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, ambiguous.StatusCode);
        Assert.Equal("Several models classify pictures: fashion, other. Set Score:Model to one of them.", (string?)(await InferenceApp.JsonOf(ambiguous))["error"]);
    }

    [Fact]
    public async Task Errors_have_the_protocols_form()
    {
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(await PublishTimesAsync(1))));
        using var client = Start().CreateClient();
        await ReadyAsync(client);

        foreach (var (path, body, status) in new[]
        {
            ("/v2/models/nope/infer", "{", HttpStatusCode.NotFound),
            ("/v2/models/m/versions/7/infer", "{", HttpStatusCode.NotFound),
            ("/v2/models/m/infer", "{", HttpStatusCode.BadRequest),
            ("/v2/models/m/infer", """{"inputs":[]}""", HttpStatusCode.BadRequest),
            ("/v2/models/m/infer", """{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}""", HttpStatusCode.BadRequest),
            ("/v2/models/m/classify", "", HttpStatusCode.UnsupportedMediaType),
            ("/v2/nothing", "", HttpStatusCode.NotFound),
        })
        {
            using var answer = await client.PostAsync(path, new StringContent(body), Cancelled);
            Assert.Equal(status, answer.StatusCode);
            Assert.False(string.IsNullOrWhiteSpace((string?)(await InferenceApp.JsonOf(answer))["error"]), path);
            Assert.DoesNotContain("\\u", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }
        using var wrongVerb = await client.GetAsync("/v2/models/m/infer", Cancelled);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, wrongVerb.StatusCode);
    }

    private static async Task<HttpResponseMessage> ClassifyAsync(HttpClient client, string model, string file, string mediaType) =>
        await client.PostAsync($"/v2/models/{model}/classify", Picture(await File.ReadAllBytesAsync(file, Cancelled), mediaType), Cancelled);

    private static ByteArrayContent Picture(byte[] bytes, string mediaType) =>
        new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
}
