using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>The binary tensor data extension as a client meets it, in both directions.</summary>
public sealed class BinaryTests(Azurite azurite) : OneReplica(azurite)
{
    private const string Header = "Inference-Header-Content-Length";
    private const string X = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","parameters":{"binary_data_size":8}}]""";

    private static readonly byte[] OneTwo = FloatBytes(1, 2);

    [Fact]
    public async Task It_is_advertised()
    {
        using var client = Start().CreateClient();
        using var answer = await client.GetAsync("/v2", Cancelled);
        Assert.Contains("binary_tensor_data", (await InferenceApp.JsonOf(answer))["extensions"]!.AsArray().Select(name => (string?)name));
    }

    [Fact]
    public async Task Inputs_in_both_forms_may_be_mixed_and_the_answer_is_JSON_unless_asked()
    {
        using var client = await StartAsync(OnnxModels.Product());
        var json = """{"id":"7","inputs":[{"name":"b","shape":[2],"datatype":"FP32","parameters":{"binary_data_size":8}},{"name":"a","shape":[2],"datatype":"FP32","data":[10,20]}]}""";
        using var answer = await PostAsync(client, json, OneTwo);
        Assert.Equal("""{"model_name":"m","model_version":"1","id":"7","outputs":[{"name":"y","datatype":"FP32","shape":[2],"data":[10,40]}]}""", await answer.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.False(answer.Headers.Contains(Header));
    }

    [Theory]
    [InlineData(X + ""","parameters":{"binary_data_output":true}}""", true)]
    [InlineData(X + ""","outputs":[{"name":"y","parameters":{"binary_data":true}}]}""", true)]
    [InlineData(X + ""","parameters":{"binary_data_output":true},"outputs":[{"name":"y","parameters":{"binary_data":false}}]}""", false)]
    [InlineData(X + ""","parameters":{"binary_data_output":false},"outputs":[{"name":"y","parameters":{"binary_data":true}}]}""", true)]
    public async Task An_answer_has_the_form_that_was_asked_for(string json, bool isBinary)
    {
        using var client = await StartAsync(OnnxModels.Times(3));
        using var answer = await PostAsync(client, json, OneTwo);
        var (head, tail) = await SplitAsync(answer);
        Assert.Equal(isBinary ? "application/octet-stream" : "application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(isBinary ? FloatBytes(3, 6) : [], tail);
        Assert.Equal(isBinary ? """{"binary_data_size":8}""" : null, head["outputs"]![0]!["parameters"]?.ToJsonString());
        Assert.Equal(isBinary ? null : "[3,6]", head["outputs"]![0]!["data"]?.ToJsonString());
    }

    [Fact]
    public async Task A_body_without_JSON_is_one_row_and_answered_in_kind()
    {
        using var client = await StartAsync(OnnxModels.Times(3));
        using var answer = await PostAsync(client, "", OneTwo);
        var (head, tail) = await SplitAsync(answer);
        Assert.Equal("[1,2]", head["outputs"]![0]!["shape"]!.ToJsonString());
        Assert.Equal(FloatBytes(3, 6), tail);
        using var twoRows = await PostAsync(client, "", [.. OneTwo, .. OneTwo]);
        await InferenceApp.IsErrorAsync(HttpStatusCode.BadRequest, twoRows);
        using var nobody = await client.PostAsync("/v2/models/nope/infer", Content([], "0"), Cancelled);
        await InferenceApp.IsErrorAsync(HttpStatusCode.NotFound, nobody);
    }

    [Theory]
    [InlineData("FP16", OnnxModels.Float16)]
    [InlineData("BF16", OnnxModels.BFloat16)]
    public async Task Half_precision_goes_in_and_out_in_binary_form_and_in_no_other(string datatype, int elementType)
    {
        using var client = await StartAsync(OnnxModels.Same(elementType));
        byte[] sent = [0x00, 0x3c, 0x80, 0xbf];
        var input = $$"""{"inputs":[{"name":"x","shape":[1,2],"datatype":"{{datatype}}","parameters":{"binary_data_size":4} }]""";
        using var answer = await PostAsync(client, input + ""","parameters":{"binary_data_output":true}}""", sent);
        var (head, tail) = await SplitAsync(answer);
        Assert.Equal(datatype, (string?)head["outputs"]![0]!["datatype"]);
        Assert.Equal(sent, tail);

        using var asJson = await PostAsync(client, input + "}", sent);
        await InferenceApp.IsErrorAsync(HttpStatusCode.BadRequest, asJson);
        Assert.Contains("binary_data", await asJson.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        using var fromJson = await client.PostAsync("/v2/models/m/infer", new StringContent($$"""{"inputs":[{"name":"x","shape":[1,2],"datatype":"{{datatype}}","data":[1,2]}]}"""), Cancelled);
        await InferenceApp.IsErrorAsync(HttpStatusCode.BadRequest, fromJson);
        Assert.Contains("binary_data_size", await fromJson.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Not_a_number_can_be_said_in_binary_form()
    {
        using var client = await StartAsync(OnnxModels.Same(OnnxModels.Float));
        var sent = FloatBytes(float.NaN, float.NegativeInfinity);
        using var answer = await PostAsync(client, "", sent);
        Assert.Equal(sent, (await SplitAsync(answer)).Tail);
    }

    [Theory]
    [InlineData("}")]
    [InlineData(""","outputs":[{"name":"y","parameters":{"classification":1}}]}""")]
    public async Task What_JSON_or_classes_cannot_say_is_told_with_the_remedy_and_is_no_fault_of_the_servers(string asked)
    {
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(await Repository.PublishAsync(Id(1), Files(OnnxModels.Same(OnnxModels.Float))))));
        var app = Start();
        using var client = app.CreateClient();
        using var sums = new MeterSums(app);
        await ReadyAsync(client);

        using var answer = await PostAsync(client, X + asked, FloatBytes(float.NaN, 1));

        await InferenceApp.IsErrorAsync(HttpStatusCode.UnprocessableEntity, answer);
        Assert.Contains("binary form", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(1, sums["modelplatform.inference.requests.refused reason=no_number"]);
        Assert.DoesNotContain(app.Logs.Warnings, text => text.Contains("failed inside the server", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task The_header_counts_bytes_of_the_decompressed_body(string encoding)
    {
        using var client = await StartAsync(OnnxModels.Times(3));
        using var compressed = new MemoryStream();
        using (Stream compress = encoding == "gzip" ? new GZipStream(compressed, CompressionLevel.Fastest) : new ZLibStream(compressed, CompressionLevel.Fastest))
            compress.Write([.. Encoding.UTF8.GetBytes(X + "}"), .. OneTwo]);
        var content = Content(compressed.ToArray(), $"{X.Length + 1}");
        content.Headers.ContentEncoding.Add(encoding);
        using var answer = await client.PostAsync("/v2/models/m/infer", content, Cancelled);
        Assert.Equal("[3,6]", (await SplitAsync(answer)).Head["outputs"]![0]!["data"]!.ToJsonString());
    }

    [Theory]
    [InlineData("99999999999", 8)]
    [InlineData("-1", 8)]
    [InlineData("many", 8)]
    [InlineData("12", 8)]                // the JSON is cut short
    [InlineData(null, 8)]                // bytes after the JSON, and nobody says so
    [InlineData("fits", 7)]
    [InlineData("fits", 9)]
    public async Task A_body_that_does_not_add_up_is_400_and_the_next_request_is_answered(string? header, int bytes)
    {
        using var client = await StartAsync(OnnxModels.Times(3));
        byte[] body = [.. Encoding.UTF8.GetBytes(X + "}"), .. new byte[bytes]];
        using var answer = await client.PostAsync("/v2/models/m/infer", Content(body, header == "fits" ? $"{X.Length + 1}" : header), Cancelled);
        await InferenceApp.IsErrorAsync(HttpStatusCode.BadRequest, answer);
        Assert.Equal(("1", 3f), await InferAsync(client, 1));
    }

    private async Task<HttpClient> StartAsync(byte[] model)
    {
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(await Repository.PublishAsync(Id(1), Files(model)))));
        var client = Start().CreateClient();
        await ReadyAsync(client);
        return client;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string json, byte[] binary) =>
        client.PostAsync("/v2/models/m/infer", Content([.. Encoding.UTF8.GetBytes(json), .. binary], $"{Encoding.UTF8.GetByteCount(json)}"), Cancelled);

    private static ByteArrayContent Content(byte[] body, string? header)
    {
        var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        if (header is not null) content.Headers.TryAddWithoutValidation(Header, header);
        return content;
    }

    private static async Task<(JsonNode Head, byte[] Tail)> SplitAsync(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsByteArrayAsync(Cancelled);
        Assert.True(answer.IsSuccessStatusCode, Encoding.UTF8.GetString(body));
        var length = answer.Headers.TryGetValues(Header, out var values) ? int.Parse(Assert.Single(values), CultureInfo.InvariantCulture) : body.Length;
        return (JsonNode.Parse(body.AsSpan(0, length))!, body[length..]);
    }

    private static byte[] FloatBytes(params float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
