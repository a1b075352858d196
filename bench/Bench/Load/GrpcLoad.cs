using System.Diagnostics;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using ModelPlatform.Bench.Models;
using ModelPlatform.Bench.Numbers;
using ModelPlatform.Inference.Protocol.Grpc.Wire;

namespace ModelPlatform.Bench.Load;

/// <summary>The closed loop over gRPC, by the usual client: several callers, each with a channel of its own and one request on it.</summary>
internal sealed class GrpcLoad(int port, BenchModel model, string input)
{
    private readonly ModelInferRequest _request = new()
    {
        ModelName = model.Name,
        Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = input, Datatype = "FP32", Shape = { 1L, model.Channels, model.Side, model.Side } } },
        RawInputContents = { ByteString.CopyFrom(MemoryMarshal.AsBytes(TensorCalls.Values(model).AsSpan())) },
    };

    public async Task<LoadResult> RunAsync(LoadPlan plan, Func<double> cpu)
    {
        var callers = Enumerable.Range(0, plan.Connections).Select(_ => new Caller()).ToList();
        var working = callers.Select(caller => Task.Run(() => WorkAsync(caller))).ToList();
        await Task.Delay(plan.WarmUp);
        var (before, opened) = (cpu(), Stopwatch.GetTimestamp());
        foreach (var caller in callers) caller.IsMeasured = true;
        await Task.Delay(plan.Measured);
        foreach (var caller in callers) (caller.IsMeasured, caller.IsDone) = (false, true);
        var (after, elapsed) = (cpu(), Stopwatch.GetElapsedTime(opened));
        await Task.WhenAll(working);

        var answered = new Latencies();
        foreach (var caller in callers) answered.Add(caller.Answered);
        return new LoadResult(elapsed, answered, new Latencies(), callers.Sum(caller => caller.Failed), callers.Find(caller => caller.Failure is not null)?.Failure, after - before);
    }

    private async Task WorkAsync(Caller caller)
    {
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}", new GrpcChannelOptions { MaxReceiveMessageSize = null });
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(channel);
        while (!caller.IsDone)
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                await client.ModelInferAsync(_request);
                if (caller.IsMeasured) caller.Answered.Add(Stopwatch.GetElapsedTime(started));
            }
            catch (RpcException refusal)
            {
                caller.Failed++;
                caller.Failure = refusal.Status.Detail;
            }
        }
    }

    private sealed class Caller
    {
        public volatile bool IsMeasured;
        public volatile bool IsDone;

        public Latencies Answered { get; } = new();

        public long Failed { get; set; }

        public string? Failure { get; set; }
    }
}
