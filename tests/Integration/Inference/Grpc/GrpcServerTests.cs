using System.Text.Json.Nodes;
using Grpc.Core;
using Grpc.Reflection.V1;
using Microsoft.Extensions.DependencyInjection;
using ModelPlatform.Inference.Protocol.Grpc.Wire;
using ModelPlatform.Inference.Reloading;
using ModelPlatform.Tests.Integration.Sync;
using static ModelPlatform.Inference.Protocol.Grpc.Wire.HealthCheckResponse.Types;

namespace ModelPlatform.Tests.Integration.Inference.Grpc;

/// <summary>The server, its models and its repository as gRPC tells of them.</summary>
public sealed class GrpcServerTests(Azurite azurite) : OneGrpcReplica(azurite)
{
    [Fact]
    public async Task Metadata_says_what_is_served()
    {
        await StartAsync(OnnxModels.Times(3));
        Assert.True((await Client.ServerLiveAsync(new(), cancellationToken: Cancelled)).Live);
        var server = await Client.ServerMetadataAsync(new(), cancellationToken: Cancelled);
        Assert.Equal("model-platform", server.Name);
        Assert.Contains("classification", server.Extensions);

        var model = await Client.ModelMetadataAsync(new() { Name = "m" }, cancellationToken: Cancelled);
        Assert.Equal(("m", "onnx_onnxv1"), (model.Name, model.Platform));
        Assert.Equal(["1"], model.Versions);
        Assert.Equal("""{ "name": "x", "datatype": "FP32", "shape": [ "-1", "2" ] }""", Assert.Single(model.Inputs).ToString());
        Assert.Equal("y", Assert.Single(model.Outputs).Name);

        Assert.True((await Client.ModelReadyAsync(new() { Name = "m", Version = "1" }, cancellationToken: Cancelled)).Ready);
        await IsRefusedAsync(StatusCode.NotFound, Client.ModelReadyAsync(new() { Name = "m", Version = "2" }, cancellationToken: Cancelled));
        await IsRefusedAsync(StatusCode.NotFound, Client.ModelMetadataAsync(new() { Name = "nope" }, cancellationToken: Cancelled));
    }

    [Fact]
    public async Task The_index_tells_each_versions_state_and_the_reason_of_a_refusal()
    {
        await StartRejectingAsync();
        var index = await Client.RepositoryIndexAsync(new(), cancellationToken: Cancelled);
        Assert.Equal(["m 1 READY", "m 2 UNAVAILABLE"], index.Models.Select(entry => $"{entry.Name} {entry.Version} {entry.State}"));
        Assert.Contains("NaN", index.Models[1].Reason, StringComparison.Ordinal);
        Assert.Equal("1", Assert.Single((await Client.RepositoryIndexAsync(new() { Ready = true }, cancellationToken: Cancelled)).Models).Version);
        await IsRefusedAsync(StatusCode.Unimplemented, Client.RepositoryIndexAsync(new() { RepositoryName = "other" }, cancellationToken: Cancelled));
    }

    [Fact]
    public async Task Unload_takes_a_model_out_of_service_and_load_brings_it_back()
    {
        await PublishTimesAsync(3);
        await using var sync = new SyncHost(Storage);
        // A load takes as long as it takes: the deadline of requests does not hold for it.
        await StartAsync(("Platform:Key", SyncHost.Key), ("services:model-sync:http:0", sync.Client.BaseAddress!.ToString().TrimEnd('/')), ("Limits:Deadline", "00:00:00.1"));
        var key = new Metadata { { "authorization", $"Bearer {SyncHost.Key}" } };

        await Client.RepositoryModelUnloadAsync(new() { ModelName = "m", Parameters = { ["unload_dependents"] = new() { BoolParam = true } } }, key, cancellationToken: Cancelled);
        await IsRefusedAsync(StatusCode.NotFound, Client.ModelReadyAsync(new() { Name = "m" }, cancellationToken: Cancelled));
        await Client.RepositoryModelLoadAsync(new() { ModelName = "m" }, key, cancellationToken: Cancelled);
        Assert.True((await Client.ModelReadyAsync(new() { Name = "m", Version = "3" }, cancellationToken: Cancelled)).Ready);

        await IsRefusedAsync(StatusCode.Unauthenticated, Client.RepositoryModelUnloadAsync(new() { ModelName = "m" }, cancellationToken: Cancelled));
        await IsRefusedAsync(StatusCode.NotFound, Client.RepositoryModelUnloadAsync(new() { ModelName = "../m" }, key, cancellationToken: Cancelled));
        await IsRefusedAsync(StatusCode.InvalidArgument, Client.RepositoryModelLoadAsync(new() { ModelName = "m", Parameters = { ["config"] = new() { StringParam = "{}" } } }, key, cancellationToken: Cancelled));
        await IsRefusedAsync(StatusCode.Unimplemented, Client.RepositoryModelLoadAsync(new() { ModelName = "m", RepositoryName = "r" }, key, cancellationToken: Cancelled));
    }

    [Fact]
    public async Task Who_loads_where_that_is_switched_off_is_told_not_to_try_again()
    {
        await StartAsync(OnnxModels.Times(1), ("RepositoryControl:Allowed", "false"));
        var refusal = await IsRefusedAsync(StatusCode.Unavailable, Client.RepositoryModelLoadAsync(new() { ModelName = "m" }, cancellationToken: Cancelled));
        Assert.Equal("-1", refusal.Trailers.GetValue("grpc-retry-pushback-ms"));
    }

    [Fact]
    public async Task Statistics_and_configuration_are_those_of_REST()
    {
        await StartAsync(OnnxModels.Times(3), ("Batching:MaxRows", "8"), ("Batching:MaxDelay", "00:00:00.0015"), ("Execution:Concurrency", "3"));
        for (var rows = 1; rows <= 3; rows++) await Client.ModelInferAsync(Raw(new float[2 * rows]), cancellationToken: Cancelled);
        await IsRefusedAsync(StatusCode.InvalidArgument, Client.ModelInferAsync(Raw("x", "FP32", [1, 3], new byte[12]), cancellationToken: Cancelled));

        using var rest = new HttpClient { BaseAddress = new Uri(App.Services.GetRequiredService<ReplicaIdentity>().Address!) };
        var statistics = JsonNode.Parse(await rest.GetStringAsync("/v2/models/m/stats", Cancelled))!["model_stats"]![0]!;
        foreach (var request in new ModelStatisticsRequest[] { new(), new() { Name = "m" }, new() { Name = "m", Version = "1" } })
        {
            var told = Assert.Single((await Client.ModelStatisticsAsync(request, cancellationToken: Cancelled)).ModelStats);
            Assert.Equal(("m", "1", 6UL, 3UL), (told.Name, told.Version, told.InferenceCount, told.ExecutionCount));
            Assert.Equal((ulong)statistics["last_inference"]!, told.LastInference);
            Assert.Equal([1UL, 2UL, 3UL], told.BatchStats.Select(batch => batch.BatchSize));
            foreach (var (name, duration) in new[]
            {
                ("success", told.InferenceStats.Success), ("fail", told.InferenceStats.Fail), ("queue", told.InferenceStats.Queue), ("compute_input", told.InferenceStats.ComputeInput),
                ("compute_infer", told.InferenceStats.ComputeInfer), ("compute_output", told.InferenceStats.ComputeOutput), ("cache_hit", told.InferenceStats.CacheHit), ("cache_miss", told.InferenceStats.CacheMiss),
            })
                Assert.Equal(((ulong)statistics["inference_stats"]![name]!["count"]!, (ulong)statistics["inference_stats"]![name]!["ns"]!), (duration.Count, duration.Ns));
        }
        await IsRefusedAsync(StatusCode.NotFound, Client.ModelStatisticsAsync(new() { Name = "m", Version = "2" }, cancellationToken: Cancelled));

        var configuration = (await Client.ModelConfigAsync(new() { Name = "m" }, cancellationToken: Cancelled)).Config;
        Assert.Equal(
            """{"name":"m","platform":"onnxruntime_onnx","versionPolicy":{"specific":{"versions":["1"]}},"maxBatchSize":8,"input":[{"name":"x","dataType":"TYPE_FP32","dims":["2"]}],"output":[{"name":"y","dataType":"TYPE_FP32","dims":["2"]}],"instanceGroup":[{"name":"m_0","count":3,"kind":"KIND_CPU"}],"dynamicBatching":{"preferredBatchSize":[8],"maxQueueDelayMicroseconds":"1500"},"backend":"onnxruntime"}""",
            configuration.ToString().Replace(" ", "", StringComparison.Ordinal));
        await IsRefusedAsync(StatusCode.NotFound, Client.ModelConfigAsync(new() { Name = "nope" }, cancellationToken: Cancelled));
    }

    [Fact]
    public async Task Health_is_told_of_the_server_and_of_each_model()
    {
        await StartRejectingAsync();
        foreach (var service in new[] { "", "inference.GRPCInferenceService", "m" })
            Assert.Equal(ServingStatus.Serving, (await HealthClient.CheckAsync(new() { Service = service }, cancellationToken: Cancelled)).Status);
        foreach (var service in new[] { "nope", "../m", new string('m', 5000) })
            await IsRefusedAsync(StatusCode.NotFound, HealthClient.CheckAsync(new() { Service = service }, cancellationToken: Cancelled));
    }

    [Fact]
    public async Task A_watch_tells_when_a_model_comes_and_goes_and_ends_with_the_server()
    {
        await StartAsync(OnnxModels.Times(1), ("Limits:Deadline", "00:00:00.5"));
        using var server = HealthClient.Watch(new(), cancellationToken: Cancelled);
        using var other = HealthClient.Watch(new() { Service = "other" }, cancellationToken: Cancelled);
        Assert.Equal(ServingStatus.Serving, await NextAsync(server));
        Assert.Equal(ServingStatus.ServiceUnknown, await NextAsync(other));

        var one = RepositoryContainer.Model(await PublishTimesAsync(1));
        await Repository.WantAsync(2, ("m", one), ("other", one));
        Assert.Equal(ServingStatus.Serving, await NextSettledAsync(other));

        var stopped = App.DisposeAsync();
        Assert.Equal(StatusCode.Unavailable, await EndAsync(server));
        Assert.Equal(StatusCode.Unavailable, await EndAsync(other));
        await stopped;
    }

    [Fact]
    public async Task Tools_learn_the_protocol_from_the_server()
    {
        await StartAsync(OnnxModels.Times(1));
        using var reflection = new ServerReflection.ServerReflectionClient(Channel).ServerReflectionInfo(cancellationToken: Cancelled);
        await reflection.RequestStream.WriteAsync(new() { ListServices = "" }, Cancelled);
        await reflection.RequestStream.CompleteAsync();
        Assert.True(await reflection.ResponseStream.MoveNext(Cancelled));
        Assert.Equal(
            ["grpc.health.v1.Health", "inference.GRPCInferenceService"],
            reflection.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name).Order(StringComparer.Ordinal));
    }

    private async Task StartRejectingAsync()
    {
        var good = await PublishTimesAsync(1);
        var bad = await Repository.PublishAsync(Id(2), Files(OnnxModels.Times(float.NaN)));
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(bad, fallback: good)));
        await StartAsync();
    }

    private static async Task<ServingStatus> NextAsync(AsyncServerStreamingCall<HealthCheckResponse> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext(Cancelled));
        return watch.ResponseStream.Current.Status;
    }

    // It may be seen while it is loading.
    private static async Task<ServingStatus> NextSettledAsync(AsyncServerStreamingCall<HealthCheckResponse> watch) =>
        await NextAsync(watch) is var status && status == ServingStatus.NotServing ? await NextAsync(watch) : status;

    private static async Task<StatusCode> EndAsync(AsyncServerStreamingCall<HealthCheckResponse> watch)
    {
        var end = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await watch.ResponseStream.MoveNext(Cancelled)) Assert.Equal(ServingStatus.NotServing, watch.ResponseStream.Current.Status);
        });
        return end.StatusCode;
    }
}
