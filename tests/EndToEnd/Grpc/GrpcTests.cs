using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Net.Client;
using ModelPlatform.Inference.Protocol.Grpc.Wire;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.Grpc;

/// <summary>The running application, asked through stubs that were generated from the protocol's description.</summary>
public sealed class GrpcTests(RunningPlatform platform, ITestOutputHelper output) : IClassFixture<RunningPlatform>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_replicas_answer_at_the_address_that_they_report_and_behind_the_public_port()
    {
        var replicas = await platform.ReplicasAsync();
        var own = replicas.Select(replica => replica.GrpcAddress!).ToList();
        Assert.Equal(2, own.Distinct().Count());
        Assert.Empty(own.Intersect(replicas.Select(replica => replica.Address!)));
        Assert.DoesNotContain(platform.Grpc.ToString().TrimEnd('/'), own);

        // Two channels to the public port, since each is a connection and sticks to the replica that it was led to.
        string[] targets = [.. own, $"{platform.Grpc}", $"{platform.Grpc}"];
        foreach (var target in targets)
        {
            using var channel = GrpcChannel.ForAddress(target);
            await IsTheWholeProtocolAsync(channel);
            output.WriteLine(target);
        }
    }

    [Fact]
    public async Task Versions_of_two_models_change_under_streams_calls_and_REST_in_batches_without_a_failed_request()
    {
        const int Changes = 5;
        string[] models = ["streamed-a", "streamed-b"];
        foreach (var model in models) await PublishAsync(model, 1);
        foreach (var model in models) await platform.ConvergedAsync(model, 1, replicas: 2);
        List<GrpcChannel> channels = [.. (await platform.ReplicasAsync()).Select(replica => GrpcChannel.ForAddress(replica.GrpcAddress!)), GrpcChannel.ForAddress(platform.Grpc), GrpcChannel.ForAddress(platform.Grpc)];
        await using (var load = MixedLoad.Start(channels, platform.Api, models))
        {
            await AnsweredAsync(load, 1);
            for (var version = 2; version <= 1 + Changes; version++)
            {
                foreach (var model in models) await PublishAsync(model, version);
                foreach (var model in models) await platform.ConvergedAsync(model, version, replicas: 2);
                await AnsweredAsync(load, version);
            }
            await load.StopAsync();
            output.WriteLine($"{load.Answers.Values.Sum()} answers on {channels.Count} streams, by as many callers and over REST, {load.Failures.Count} failures");
            Assert.Empty(load.Failures);
        }
        foreach (var model in models) Assert.True(await SharedRunsAsync(model) > 0, $"No calls of {model} shared a run.");
        channels.ForEach(channel => channel.Dispose());
    }

    private static Task AnsweredAsync(MixedLoad load, int version) => Eventually.IsTrueAsync(
        $"version {version} of both models answers on every way\n{string.Join('\n', load.Answers)}\n{string.Join('\n', load.Failures.Take(10))}", () => Task.FromResult(load.HaveAnswered(version)));

    /// <summary>Runs of the version that is served now that had more than one row, where each call has one.</summary>
    private async Task<long> SharedRunsAsync(string model)
    {
        var shared = 0L;
        foreach (var replica in await platform.ReplicasAsync())
        {
            var stats = await platform.GetAsync($"{replica.Address}/v2/models/{model}/stats");
            var runs = stats["model_stats"]![0]!["batch_stats"]!.AsArray().Where(batch => (int)batch!["batch_size"]! > 1);
            shared += runs.Sum(batch => (long)batch!["compute_infer"]!["count"]!);
        }
        return shared;
    }

    // The oldest call waits a moment for others: they do share runs then, as quick as the model is.
    private Task PublishAsync(string model, int version) => platform.Repository.PublishAsync(
        new ModelId(ModelName.Parse(model), new ModelVersion(version)),
        new Dictionary<string, byte[]> { ["model.onnx"] = OnnxModels.Times(version) },
        new JsonObject { ["batching"] = new JsonObject { ["maxRows"] = 4, ["maxDelay"] = "00:00:00.01" } });

    private static async Task IsTheWholeProtocolAsync(GrpcChannel channel)
    {
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(channel);
        Assert.True((await client.ServerLiveAsync(new(), cancellationToken: Cancelled)).Live);
        Assert.True((await client.ServerReadyAsync(new(), cancellationToken: Cancelled)).Ready);
        Assert.True((await client.ModelReadyAsync(new() { Name = "fashion" }, cancellationToken: Cancelled)).Ready);
        Assert.Equal("model-platform", (await client.ServerMetadataAsync(new(), cancellationToken: Cancelled)).Name);
        Assert.Contains((await client.ModelStatisticsAsync(new(), cancellationToken: Cancelled)).ModelStats, version => version.Name == "fashion");
        Assert.Equal("onnxruntime", (await client.ModelConfigAsync(new() { Name = "fashion" }, cancellationToken: Cancelled)).Config.Backend);
        Assert.Contains((await client.RepositoryIndexAsync(new(), cancellationToken: Cancelled)).Models, entry => entry is { Name: "fashion", State: "READY" });
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await new Health.HealthClient(channel).CheckAsync(new() { Service = "fashion" }, cancellationToken: Cancelled)).Status);

        var model = await client.ModelMetadataAsync(new() { Name = "fashion" }, cancellationToken: Cancelled);
        Assert.Equal([-1, 1, 28, 28], Assert.Single(model.Inputs).Shape);
        var pixels = await File.ReadAllBytesAsync(RepositoryRoot.Combine("samples", "fashion", "2", "golden", "image.bin"), Cancelled);
        var request = new ModelInferRequest
        {
            ModelName = "fashion",
            Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = model.Inputs[0].Name, Datatype = "FP32", Shape = { 1, 1, 28, 28 } } },
            Outputs = { new ModelInferRequest.Types.InferRequestedOutputTensor { Name = model.Outputs[0].Name, Parameters = { ["classification"] = new() { Int64Param = 1 } } } },
            RawInputContents = { ByteString.CopyFrom(pixels) },
        };
        var best = Text(await client.ModelInferAsync(request, cancellationToken: Cancelled));
        using var stream = client.ModelStreamInfer(cancellationToken: Cancelled);
        await stream.RequestStream.WriteAsync(request, Cancelled);
        Assert.True(await stream.ResponseStream.MoveNext(Cancelled));
        Assert.Equal(best, Text(stream.ResponseStream.Current.InferResponse));
        await stream.RequestStream.CompleteAsync();
        Assert.False(await stream.ResponseStream.MoveNext(Cancelled));

        static string Text(ModelInferResponse answer) => Encoding.UTF8.GetString(answer.RawOutputContents[0].Span[4..]);
    }
}
