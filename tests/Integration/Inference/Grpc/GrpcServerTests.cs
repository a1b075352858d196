using Grpc.Core;
using ModelPlatform.Inference.Protocol.Grpc.Wire;
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
    public async Task The_index_tells_each_versions_state_and_models_are_not_loaded_here()
    {
        await StartRejectingAsync();
        var index = await Client.RepositoryIndexAsync(new(), cancellationToken: Cancelled);
        Assert.Equal(["m 1 READY", "m 2 UNAVAILABLE"], index.Models.Select(entry => $"{entry.Name} {entry.Version} {entry.State}"));
        Assert.Contains("NaN", index.Models[1].Reason, StringComparison.Ordinal);
        Assert.Equal("1", Assert.Single((await Client.RepositoryIndexAsync(new() { Ready = true }, cancellationToken: Cancelled)).Models).Version);
        await IsRefusedAsync(StatusCode.Unimplemented, Client.RepositoryIndexAsync(new() { RepositoryName = "other" }, cancellationToken: Cancelled));

        var load = await IsRefusedAsync(StatusCode.Unavailable, Client.RepositoryModelLoadAsync(new() { ModelName = "m" }, cancellationToken: Cancelled));
        Assert.Contains("modelctl load m", load.Status.Detail, StringComparison.Ordinal);
        Assert.Equal("-1", load.Trailers.GetValue("grpc-retry-pushback-ms"));
        await IsRefusedAsync(StatusCode.Unavailable, Client.RepositoryModelUnloadAsync(new() { ModelName = "m" }, cancellationToken: Cancelled));
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
        await StartAsync(OnnxModels.Times(1));
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
