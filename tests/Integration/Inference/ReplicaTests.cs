using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>What a replica does with a desired state that it reads from Blob by itself.</summary>
public sealed class ReplicaTests(Azurite azurite) : IAsyncLifetime
{
    private static readonly JsonObject FashionDraft = new()
    {
        ["task"] = "image-classification",
        ["labels"] = "labels.txt",
    };

    private readonly Storage _storage = azurite.NewStorage();
    private readonly List<InferenceApp> _apps = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private RepositoryContainer Repository => field ??= new RepositoryContainer(_storage.Container);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps) await app.DisposeAsync();
    }

    [Fact]
    public async Task It_is_not_ready_until_the_first_model_is_served()
    {
        using var client = Start().CreateClient();
        using var before = await client.GetAsync("/v2/health/ready", Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, before.StatusCode);
        Assert.Contains("desired state", (string?)(await InferenceApp.JsonOf(before))["reason"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v2/health/live", Cancelled)).StatusCode);

        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(await PublishTimesAsync(1))));

        await ReadyAsync(client);
        Assert.Equal(("1", 3f), await InferAsync(client, 3));
    }

    [Fact]
    public async Task A_new_version_takes_over_and_the_old_one_is_told_as_unloaded()
    {
        var first = await PublishTimesAsync(1);
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(first)));
        var app = Start();
        using var client = app.CreateClient();
        await ReadyAsync(client);

        await Repository.WantAsync(2, ("m", RepositoryContainer.Model(await PublishTimesAsync(2), first)));

        await AnswersAsync(client, "2");
        Assert.Equal(("2", 6f), await InferAsync(client, 3));
        Assert.Equal(AckState.Unloaded, Said(app, 1).State);
        Assert.Equal(AckState.Serving, Said(app, 2).State);
        Assert.Equal("FP32", Said(app, 2).Signature!.Inputs[0].Datatype);
        using var metadata = await client.GetAsync("/v2/models/m", Cancelled);
        Assert.Equal("""["2"]""", (await InferenceApp.JsonOf(metadata))["versions"]!.ToJsonString());
    }

    [Fact]
    public async Task A_document_with_a_lower_generation_changes_nothing()
    {
        var first = await PublishTimesAsync(1);
        await Repository.WantAsync(5, ("m", RepositoryContainer.Model(first)));
        using var client = Start().CreateClient();
        await ReadyAsync(client);
        await Repository.WantAsync(4, ("m", RepositoryContainer.Model(await PublishTimesAsync(2))));
        await Repository.WantAsync(6, ("m", RepositoryContainer.Model(first)), ("other", RepositoryContainer.Model(await PublishTimesAsync(3))));

        await Eventually.IsTrueAsync("the newest document arrived", async () => (await client.GetAsync("/v2/models/other/ready", Cancelled)).IsSuccessStatusCode);
        Assert.Equal("1", (await InferAsync(client, 1)).Version);
    }

    [Fact]
    public async Task A_model_that_is_not_wanted_any_more_is_unloaded()
    {
        var first = await PublishTimesAsync(1);
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(first)), ("n", RepositoryContainer.Model(first)));
        using var client = Start().CreateClient();
        await ReadyAsync(client);

        await Repository.WantAsync(2, ("m", RepositoryContainer.Model(first)));

        await Eventually.IsTrueAsync("n is unloaded", async () => (await client.GetAsync("/v2/models/n", Cancelled)).StatusCode == HttpStatusCode.NotFound);
        Assert.Equal("1", (await InferAsync(client, 1)).Version);
    }

    public static TheoryData<string, string> BadVersions => new()
    {
        { "corrupt", "not a valid ONNX file" },
        { "digest", "digest" },
        { "size", "bytes" },
        { "golden", "Golden" },
        { "signature", "signature" },
        { "external", "external data" },
        { "labels", "labels" },
        { "empty", "empty" },
    };

    [Theory]
    [MemberData(nameof(BadVersions))]
    public async Task A_bad_version_never_answers_and_its_reason_is_told(string kind, string reason)
    {
        var good = await PublishTimesAsync(1);
        var signature = new ModelSignature([new TensorSignature("x", "FP32", 2)], [new TensorSignature("y", "FP32", 2)]);
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(good)));
        var app = Start();
        using var client = app.CreateClient();
        await ReadyAsync(client);

        await Repository.WantAsync(2, ("m", RepositoryContainer.Model(await PublishBadAsync(kind), good, signature)));

        var ack = await Eventually.GetAsync("the rejection", () => Task.FromResult(app.Acks.FirstOrDefault(ack => ack is { State: AckState.Rejected, Version.Number: 2 })));
        Assert.Contains(reason, ack.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(app.CacheFolder, ack.Reason, StringComparison.Ordinal);
        Assert.Equal(("1", 3f), await InferAsync(client, 3));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v2/health/ready", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task A_download_that_fails_its_verification_never_enters_the_cache_that_replicas_share()
    {
        var good = await PublishTimesAsync(1);
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(await PublishBadAsync("digest"), good)));
        var app = Start();
        using var client = app.CreateClient();
        await ReadyAsync(client);
        Assert.Equal(AckState.Rejected, Said(app, 2).State);
        Assert.Equal([good.Identity.Digest.ToString()], Directory.GetDirectories(app.CacheFolder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_replica_that_starts_while_the_wanted_version_is_bad_serves_the_fallback()
    {
        var good = await PublishTimesAsync(1);
        await Repository.WantAsync(2, ("m", RepositoryContainer.Model(await PublishBadAsync("corrupt"), good)));
        using var client = Start().CreateClient();
        await ReadyAsync(client);
        Assert.Equal("1", (await InferAsync(client, 1)).Version);
    }

    [Fact]
    public async Task Without_a_fallback_a_bad_model_does_not_keep_the_replica_from_serving_the_others()
    {
        await Repository.WantAsync(1, ("bad", RepositoryContainer.Model(await PublishBadAsync("corrupt"))), ("m", RepositoryContainer.Model(await PublishTimesAsync(1))));
        using var client = Start().CreateClient();
        await ReadyAsync(client);
        Assert.Equal("1", (await InferAsync(client, 1)).Version);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/v2/models/bad", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task The_signature_of_the_version_that_answers_keeps_no_older_one_out()
    {
        var older = await PublishTimesAsync(1);
        var signature = new ModelSignature([new TensorSignature("z", "FP32", 2)], [new TensorSignature("y", "FP32", 2)]);
        var latest = await Repository.PublishAsync(Id(2), Files(OnnxModels.Times(2, input: "z")), new JsonObject { ["signatureChange"] = true });
        await Repository.WantAsync(1, ("m", new DesiredModel { Versions = [latest, older], Signature = signature }));
        var app = Start();

        await Eventually.IsTrueAsync("both are served", () => Task.FromResult(app.Acks.Count(ack => ack.State == AckState.Serving) == 2));
        Assert.DoesNotContain(app.Acks, ack => ack.State == AckState.Rejected);
    }

    [Fact]
    public async Task A_signature_may_change_when_the_manifest_says_so()
    {
        var signature = new ModelSignature([new TensorSignature("x", "FP32", 2)], [new TensorSignature("y", "FP32", 2)]);
        var changed = await Repository.PublishAsync(Id(2), Files(OnnxModels.Times(1, input: "z")), new JsonObject { ["signatureChange"] = true });
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(changed, signature: signature)));
        using var client = Start().CreateClient();
        await ReadyAsync(client);
    }

    [Fact]
    public async Task A_file_that_is_missing_is_retried_until_it_is_there()
    {
        var good = await PublishTimesAsync(1);
        var blob = Repository.Client.GetBlobClient("m/1/model.onnx");
        var content = (await blob.DownloadContentAsync(Cancelled)).Value.Content.ToArray();
        await blob.DeleteAsync(cancellationToken: Cancelled);
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(good)));
        var app = Start();
        using var client = app.CreateClient();
        var ack = await Eventually.GetAsync("the retry", () => Task.FromResult(app.Acks.FirstOrDefault(ack => ack.State == AckState.Retrying)));
        Assert.Contains("Blob storage", ack.Reason, StringComparison.Ordinal);

        var etag = await Repository.UploadAsync("m/1/model.onnx", content);
        var files = good.Files.ToDictionary();
        files[RepositoryLayout.ModelFile] = files[RepositoryLayout.ModelFile] with { Etag = etag.ToString("G") };
        await Repository.WantAsync(2, ("m", RepositoryContainer.Model(good with { Files = files })));

        await ReadyAsync(client);
    }

    [Fact]
    public async Task A_damaged_cache_is_fetched_anew()
    {
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(await PublishTimesAsync(1))));
        var cache = Directory.CreateTempSubdirectory("shared-cache-").FullName;
        await using (var first = new InferenceApp(_storage.ConnectionString, ("Cache:Directory", cache)))
        {
            using var before = first.CreateClient();
            await ReadyAsync(before);
        }
        var file = Assert.Single(Directory.GetFiles(cache, "model.onnx", SearchOption.AllDirectories));
        await File.WriteAllBytesAsync(file, new byte[(int)new FileInfo(file).Length], Cancelled);

        using var client = Start(("Cache:Directory", cache)).CreateClient();
        await ReadyAsync(client);
        Assert.Equal(("1", 3f), await InferAsync(client, 3));
        Directory.Delete(cache, recursive: true);
    }

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
    public async Task The_contract_of_the_2018_recipe_is_answered()
    {
        var fashion = RepositoryContainer.Model(await Repository.PublishFolderAsync(new ModelId(ModelName.Parse("fashion"), new ModelVersion(2)), RepositoryRoot.Combine("samples", "fashion", "2")));
        await Repository.WantAsync(1, ("fashion", fashion), ("m", RepositoryContainer.Model(await PublishTimesAsync(1))));
        using var client = Start().CreateClient();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/", Cancelled)).StatusCode);
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
            ("/v2/models/nope/infer", "{}", HttpStatusCode.BadRequest),
            ("/v2/models/nope/infer", """{"inputs":[]}""", HttpStatusCode.NotFound),
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
        }
        using var wrongVerb = await client.GetAsync("/v2/models/m/infer", Cancelled);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, wrongVerb.StatusCode);
    }

    private InferenceApp Start(params (string, string)[] settings)
    {
        var app = new InferenceApp(_storage.ConnectionString, settings);
        _apps.Add(app);
        return app;
    }

    private static ModelId Id(int version) => new(ModelName.Parse("m"), new ModelVersion(version));

    private static Dictionary<string, byte[]> Files(byte[] model) => new() { ["model.onnx"] = model };

    /// <summary>Version n multiplies by n: an answer that mixes versions gives itself away.</summary>
    private Task<DesiredVersion> PublishTimesAsync(int version) => Repository.PublishAsync(Id(version), Files(OnnxModels.Times(version)));

    private Task<DesiredVersion> PublishBadAsync(string kind)
    {
        var good = OnnxModels.Times(2);
        return kind switch
        {
            "corrupt" => Repository.PublishAsync(Id(2), Files([.. good[..(good.Length / 2)], .. new byte[good.Length - good.Length / 2]])),
            "digest" => Repository.PublishAsync(Id(2), Files(good), lies: Files(OnnxModels.Times(9))),
            "size" => Repository.PublishAsync(Id(2), Files(good), lies: Files([.. good, 0])),
            "signature" => Repository.PublishAsync(Id(2), Files(OnnxModels.Times(2, output: "z"))),
            "external" => Repository.PublishAsync(Id(2), Files(OnnxModels.WithExternalData("../1/model.onnx"))),
            "empty" => Repository.PublishAsync(Id(2), Files([])),
            "labels" => Repository.PublishAsync(Id(2), new Dictionary<string, byte[]> { ["model.onnx"] = OnnxModels.Classifier(1, 2), ["labels.txt"] = "only one"u8.ToArray() }, FashionDraft),
            _ => Repository.PublishAsync(
                Id(2),
                new Dictionary<string, byte[]> { ["model.onnx"] = good, ["in.bin"] = BitConverter.GetBytes(1d), ["out.bin"] = BitConverter.GetBytes(1d) },
                new JsonObject { ["golden"] = new JsonArray(new JsonObject { ["inputs"] = new JsonObject { ["x"] = "in.bin" }, ["outputs"] = new JsonObject { ["y"] = "out.bin" } }) }),
        };
    }

    private static ReplicaAck Said(InferenceApp app, int version) => app.Acks.Single(ack => ack.Version.Number == version);

    private static Task ReadyAsync(HttpClient client) =>
        Eventually.IsTrueAsync("the replica is ready", async () => (await client.GetAsync("/v2/health/ready", Cancelled)).IsSuccessStatusCode);

    private static Task AnswersAsync(HttpClient client, string version) =>
        Eventually.IsTrueAsync($"version {version} answers", async () => (await InferAsync(client, 1)).Version == version);

    private static async Task<(string? Version, float First)> InferAsync(HttpClient client, float x)
    {
        using var answer = await client.PostAsJsonAsync(
            "/v2/models/m/infer", new { inputs = new[] { new { name = "x", shape = new[] { 1, 2 }, datatype = "FP32", data = new[] { x, x } } } }, Cancelled);
        answer.EnsureSuccessStatusCode();
        var json = await InferenceApp.JsonOf(answer);
        return ((string?)json["model_version"], (float)json["outputs"]![0]!["data"]![0]!);
    }

    private static async Task<HttpResponseMessage> ClassifyAsync(HttpClient client, string model, string file, string mediaType) =>
        await client.PostAsync($"/v2/models/{model}/classify", Picture(await File.ReadAllBytesAsync(file, Cancelled), mediaType), Cancelled);

    private static ByteArrayContent Picture(byte[] bytes, string mediaType) =>
        new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
}
