using System.Net;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>The extension for the model configuration: what a client of Triton reads before it sends anything.</summary>
public sealed class ConfigurationTests(Azurite azurite) : OneReplica(azurite)
{
    [Fact]
    public async Task A_batched_classifier_tells_the_form_of_a_row_and_how_rows_share_a_run()
    {
        var fashion = new ModelId(ModelName.Parse("fashion"), new ModelVersion(2));
        await Repository.WantAsync(1, ("fashion", RepositoryContainer.Model(await Repository.PublishFolderAsync(fashion, RepositoryRoot.Combine("samples", "fashion", "2")))));
        using var client = Start(("Batching:MaxRows", "8"), ("Batching:MaxDelay", "00:00:00.0015"), ("Execution:Concurrency", "3")).CreateClient();
        await ReadyAsync(client);
        using var server = await client.GetAsync("/v2", Cancelled);
        Assert.Contains("model_configuration", (await InferenceApp.JsonOf(server))["extensions"]!.AsArray().Select(name => (string?)name));

        const string Expected = """
            {"name":"fashion","platform":"onnxruntime_onnx","backend":"onnxruntime","version_policy":{"specific":{"versions":[2]}},"max_batch_size":8,"input":[{"name":"image","data_type":"TYPE_FP32","format":"FORMAT_NCHW","dims":[1,28,28],"optional":false}],"output":[{"name":"logits","data_type":"TYPE_FP32","dims":[10]}],"dynamic_batching":{"preferred_batch_size":[8],"max_queue_delay_microseconds":1500,"preserve_ordering":false},"instance_group":[{"name":"fashion_0","kind":"KIND_CPU","count":3,"gpus":[]}]}
            """;
        foreach (var path in new[] { "/v2/models/fashion/config", "/v2/models/fashion/versions/2/config" }) Assert.Equal(Expected, await client.GetStringAsync(path, Cancelled));
        using var unknown = await client.GetAsync("/v2/models/fashion/versions/1/config", Cancelled);
        await InferenceApp.IsErrorAsync(HttpStatusCode.NotFound, unknown);
    }

    [Fact]
    public async Task A_model_that_is_not_batched_has_a_batch_size_of_zero_and_whole_shapes()
    {
        var spin = await Repository.PublishAsync(Id(1), Files(OnnxModels.Spin()));
        await Repository.WantAsync(1, ("m", new DesiredModel { Versions = [await PublishTimesAsync(2), spin] }));
        using var client = Start(("Batching:MaxRows", "1")).CreateClient();
        // Ready needs the first of them only.
        await Eventually.IsTrueAsync("both are served", async () => (await client.GetAsync("/v2/models/m/versions/1/ready", Cancelled)).IsSuccessStatusCode);
        using var answer = await client.GetAsync("/v2/models/m/versions/1/config", Cancelled);
        var fixedAxis = await InferenceApp.JsonOf(answer);
        Assert.Equal("""{"specific":{"versions":[2,1]}}""", fixedAxis["version_policy"]!.ToJsonString());
        Assert.Equal(0, (int)fixedAxis["max_batch_size"]!);
        Assert.Null(fixedAxis["dynamic_batching"]);
        Assert.Equal("""[{"name":"rounds","data_type":"TYPE_INT64","format":"FORMAT_NONE","dims":[1],"optional":false}]""", fixedAxis["input"]!.ToJsonString());

        using var other = await client.GetAsync("/v2/models/m/config", Cancelled);
        Assert.Equal("[-1,2]", (await InferenceApp.JsonOf(other))["input"]![0]!["dims"]!.ToJsonString());
    }
}
