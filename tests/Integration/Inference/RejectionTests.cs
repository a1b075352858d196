using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>Versions that must never answer, and what is told of them.</summary>
public sealed class RejectionTests(Azurite azurite) : OneReplica(azurite)
{
    private static readonly JsonObject FashionDraft = new()
    {
        ["task"] = "image-classification",
        ["labels"] = "labels.txt",
    };

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
    public async Task A_rejected_version_is_tried_again_once_its_wrong_file_was_uploaded_anew()
    {
        var bad = await PublishBadAsync("digest");
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(bad, await PublishTimesAsync(1))));
        using var client = Start().CreateClient();
        await ReadyAsync(client);
        Assert.Equal("1", (await InferAsync(client, 1)).Version);

        var etag = await Repository.UploadAsync("m/2/model.onnx", OnnxModels.Times(2));
        var files = bad.Files.ToDictionary();
        files[RepositoryLayout.ModelFile] = files[RepositoryLayout.ModelFile] with { Etag = etag.ToString("G") };
        await Repository.WantAsync(2, ("m", RepositoryContainer.Model(bad with { Files = files })));

        await AnswersAsync(client, "2");
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
}
