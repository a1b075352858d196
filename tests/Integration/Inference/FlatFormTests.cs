using System.Net.Http.Headers;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>Models that somebody dropped into the container's root, as users of the 2018 recipe do.</summary>
public sealed class FlatFormTests(Azurite azurite) : OneReplica(azurite)
{
    [Theory]
    [InlineData("Shirt\nSneaker\n", "Sneaker")]
    [InlineData("Sneaker\n", "1")]                       // one label for two classes: of another model
    public async Task Labels_count_where_they_fit_and_are_left_aside_where_not(string labels, string answer)
    {
        var version = await PutAsync(1, ("m.onnx", OnnxModels.Classifier(0, 9)), ("synset.txt", System.Text.Encoding.UTF8.GetBytes(labels)));
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(version)));
        using var client = await ServingAsync();

        Assert.Equal(answer, await ClassifiedAsync(client, "m", await File.ReadAllBytesAsync(RepositoryRoot.Combine("samples", "fashion", "images", "sneaker.png"), Cancelled), "image/png"));
    }

    [Fact]
    public async Task A_blob_that_is_overwritten_takes_over()
    {
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(await PutAsync(1, ("m.onnx", OnnxModels.Times(1))))));
        using var client = await ServingAsync();

        await Repository.WantAsync(2, ("m", RepositoryContainer.Model(await PutAsync(2, ("m.onnx", OnnxModels.Times(2))))));
        await AnswersAsync(client, "2");
        Assert.Equal(("2", 6f), await InferAsync(client, 3));
    }

    private async Task<DesiredVersion> PutAsync(long number, params (string Name, byte[] Content)[] blobs)
    {
        var files = new Dictionary<FilePath, DesiredFile>();
        foreach (var (name, content) in blobs) files[FilePath.Parse(name)] = new DesiredFile((await Repository.UploadAsync(name, content)).ToString("G"), content.Length);
        return new DesiredVersion(new ModelVersion(number), Identity.OfBlobs(files.Select(file => (file.Key.ToString(), file.Value.Etag))), "", files);
    }

    private async Task<HttpClient> ServingAsync()
    {
        var app = Start();
        var client = app.CreateClient();
        await ReadyAsync(client);
        Assert.Equal(AckState.Serving, app.Acks.Single().State);
        return client;
    }

    private static async Task<string> ClassifiedAsync(HttpClient client, string model, byte[] picture, string mediaType)
    {
        using var body = new ByteArrayContent(picture) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
        using var answer = await client.PostAsync($"/v2/models/{model}/classify", body, Cancelled);
        answer.EnsureSuccessStatusCode();
        return (string)(await InferenceApp.JsonOf(answer))["predictions"]![0]!["label"]!;
    }
}
