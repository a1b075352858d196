using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>Models of texts.</summary>
public sealed class TextTests(Azurite azurite) : OneReplica(azurite)
{
    private const string Header = "Inference-Header-Content-Length";

    [Fact]
    public async Task Texts_go_as_strings_or_in_binary_and_come_back_as_asked()
    {
        using var client = await StartAsync();
        using var strings = await client.PostAsync("/v2/models/m/infer", new StringContent("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"BYTES","data":["w\u00f6rld",""]}]}"""), Cancelled);
        var answer = await InferenceApp.JsonOf(strings);
        Assert.Equal("""{"name":"y","datatype":"BYTES","shape":[1,2],"data":["hello w\u00F6rld","hello "]}""", answer["outputs"]![0]!.ToJsonString());

        byte[] sent = [2, 0, 0, 0, 0xFF, 0x00, 1, 0, 0, 0, 0x41];
        using var binary = await BinaryAsync(client, sent, """{"name":"y","parameters":{"binary_data":true}}""");
        Assert.Equal([8, 0, 0, 0, .. "hello "u8, 0xFF, 0x00, 7, 0, 0, 0, .. "hello A"u8], (await binary.Content.ReadAsByteArrayAsync(Cancelled))[JsonLength(binary)..]);

        // What was sent is no text: JSON cannot say it back.
        using var mixed = await BinaryAsync(client, sent);
        await InferenceApp.IsErrorAsync(HttpStatusCode.BadRequest, mixed);
    }

    [Theory]
    [InlineData(new byte[] { 3, 0, 0, 0, 65, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 1, 0, 0, 0, 65 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public async Task Lengths_that_lie_are_refused(byte[] sent)
    {
        using var client = await StartAsync();
        using var answer = await BinaryAsync(client, sent);
        await InferenceApp.IsErrorAsync(HttpStatusCode.BadRequest, answer);
        Assert.Contains("'x'", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everybody_in_a_batch_gets_his_own_texts()
    {
        using var client = await StartAsync(("Batching:MaxDelay", "00:00:00.01"), ("Batching:MaxRows", "8"));
        await Task.WhenAll(Enumerable.Range(1, 100).Select(async number =>
        {
            string[] texts = [.. Enumerable.Range(0, 2 * (number % 3 + 1)).Select(i => new string('x', number % 7) + i)];
            using var answer = await client.PostAsJsonAsync(
                "/v2/models/m/infer", new { inputs = new[] { new { name = "x", shape = new[] { texts.Length / 2, 2 }, datatype = "BYTES", data = texts } } }, Cancelled);
            Assert.Equal(texts.Select(text => $"hello {text}"), (await InferenceApp.JsonOf(answer))["outputs"]![0]!["data"]!.AsArray().Select(text => (string)text!));
        }));
        using var statistics = await client.GetAsync("/v2/models/m/stats", Cancelled);
        Assert.InRange((int)(await InferenceApp.JsonOf(statistics))["model_stats"]![0]!["execution_count"]!, 1, 99);
    }

    [Fact]
    public async Task Texts_are_told_in_metadata_and_configuration_and_have_no_classes()
    {
        using var client = await StartAsync();
        using var metadata = await client.GetAsync("/v2/models/m", Cancelled);
        Assert.Equal("""[{"name":"x","datatype":"BYTES","shape":[-1,2]}]""", (await InferenceApp.JsonOf(metadata))["inputs"]!.ToJsonString());
        using var configuration = await client.GetAsync("/v2/models/m/config", Cancelled);
        Assert.Equal("TYPE_STRING", (string?)(await InferenceApp.JsonOf(configuration))["input"]![0]!["data_type"]);
        using var classes = await BinaryAsync(client, [0, 0, 0, 0, 0, 0, 0, 0], """{"name":"y","parameters":{"classification":1}}""");
        await InferenceApp.IsErrorAsync(HttpStatusCode.BadRequest, classes);
    }

    [Fact]
    public async Task Golden_texts_are_compared_exactly()
    {
        var (right, wrong) = (await PublishAsync(1, "hello b"), await PublishAsync(2, "hello c"));
        await Repository.WantAsync(1, ("m", new DesiredModel { Versions = [wrong], Fallback = [right] }));
        var app = Start();
        using var client = app.CreateClient();
        await ReadyAsync(client);
        var ack = Said(app, 2);
        Assert.Equal((AckState.Rejected, "Golden output 'y.bin' differs from what the model gave."), (ack.State, ack.Reason));
        using var versions = await client.GetAsync("/v2/models/m", Cancelled);
        Assert.Equal("""["1"]""", (await InferenceApp.JsonOf(versions))["versions"]!.ToJsonString());

        Task<DesiredVersion> PublishAsync(int version, string answer) => Repository.PublishAsync(
            Id(version),
            new Dictionary<string, byte[]>
            {
                ["model.onnx"] = OnnxModels.Greeting(),
                ["x.bin"] = [1, 0, 0, 0, .. "a"u8, 1, 0, 0, 0, .. "b"u8],
                ["y.bin"] = [7, 0, 0, 0, .. "hello a"u8, 7, 0, 0, 0, .. Encoding.UTF8.GetBytes(answer)],
            },
            new() { ["golden"] = new JsonArray(JsonNode.Parse("""{"inputs":{"x":"x.bin"},"outputs":{"y":"y.bin"}}""")) });
    }

    private async Task<HttpClient> StartAsync(params (string, string)[] settings)
    {
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(await Repository.PublishAsync(Id(1), Files(OnnxModels.Greeting())))));
        var client = Start(settings).CreateClient();
        await ReadyAsync(client);
        return client;
    }

    private static Task<HttpResponseMessage> BinaryAsync(HttpClient client, byte[] data, string output = """{"name":"y"}""")
    {
        var json = Encoding.UTF8.GetBytes(
            $$$"""{"inputs":[{"name":"x","shape":[1,2],"datatype":"BYTES","parameters":{"binary_data_size":{{{data.Length}}}}}],"outputs":[{{{output}}}]}""");
        var content = new ByteArrayContent([.. json, .. data]);
        content.Headers.Add(Header, json.Length.ToString(CultureInfo.InvariantCulture));
        return client.PostAsync("/v2/models/m/infer", content, Cancelled);
    }

    private static int JsonLength(HttpResponseMessage answer) => int.Parse(answer.Headers.GetValues(Header).Single(), CultureInfo.InvariantCulture);
}
