using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>What a replica does with a desired state that it reads from Blob by itself.</summary>
public sealed class ReloadTests(Azurite azurite) : OneReplica(azurite)
{
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
        await using (var first = new InferenceApp(Storage.ConnectionString, ("Cache:Directory", cache)))
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
}
