using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>The classification extension: classes by name instead of an output's values.</summary>
public sealed class ClassificationTests(Azurite azurite) : OneReplica(azurite)
{
    [Fact]
    public async Task The_highest_classes_of_each_row_are_named_in_the_form_that_was_asked_for()
    {
        using var client = await StartAsync();
        using var server = await client.GetAsync("/v2", Cancelled);
        Assert.Contains("classification", (await InferenceApp.JsonOf(server))["extensions"]!.AsArray().Select(name => (string?)name));

        using var answer = await PostAsync(client, """{"name":"logits","parameters":{"classification":2}}""");
        Assert.Equal(
            """{"model_name":"m","model_version":"1","id":"7","outputs":[{"name":"logits","datatype":"BYTES","shape":[2,2],"data":["9:1:Sneaker","4:2:Bag","9:1:Sneaker","4:2:Bag"]}]}""",
            await answer.Content.ReadAsStringAsync(Cancelled));

        using var binary = await PostAsync(client, """{"name":"logits","parameters":{"classification":1,"binary_data":true}}""");
        Assert.EndsWith("\u000b\0\0\09:1:Sneaker\u000b\0\0\09:1:Sneaker", Encoding.UTF8.GetString(await binary.Content.ReadAsByteArrayAsync(Cancelled)), StringComparison.Ordinal);

        using var all = await PostAsync(client, """{"name":"logits","parameters":{"classification":1000000000000}}""");
        Assert.Equal("[2,3]", (await InferenceApp.JsonOf(all))["outputs"]![0]!["shape"]!.ToJsonString());

        using var none = await PostAsync(client, """{"name":"logits","parameters":{"classification":0}}""");
        await InferenceApp.IsErrorAsync(HttpStatusCode.BadRequest, none);
    }

    [Fact]
    public async Task A_model_of_tensors_that_only_has_the_rank_of_pictures_is_served_without_a_word_about_it()
    {
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(await Repository.PublishAsync(Id(1), Files(OnnxModels.Means(-1, 4, 2, 2))))));
        using var client = Start().CreateClient();
        await ReadyAsync(client);
        using var answer = await client.PostAsync(
            "/v2/models/m/infer", new StringContent("""{"inputs":[{"name":"x","shape":[1,4,2,2],"datatype":"FP32","data":[1,1,1,1,2,2,2,2,3,3,3,3,4,4,4,4]}]}"""), Cancelled);
        Assert.Equal("[1,2,3,4]", (await InferenceApp.JsonOf(answer))["outputs"]![0]!["data"]!.ToJsonString());
    }

    private async Task<HttpClient> StartAsync()
    {
        var version = await Repository.PublishAsync(
            Id(1),
            new Dictionary<string, byte[]> { ["model.onnx"] = OnnxModels.Classifier(0, 9, 4), ["labels.txt"] = "Shirt\nSneaker\nBag\n"u8.ToArray() },
            new JsonObject { ["task"] = "image-classification", ["labels"] = "labels.txt" });
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(version)));
        var client = Start().CreateClient();
        await ReadyAsync(client);
        return client;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string output) => client.PostAsync(
        "/v2/models/m/infer",
        new StringContent($$"""{"id":"7","inputs":[{"name":"image","shape":[2,1,2,2],"datatype":"FP32","data":[1,2,3,4,5,6,7,8]}],"outputs":[{{output}}]}"""),
        Cancelled);
}
