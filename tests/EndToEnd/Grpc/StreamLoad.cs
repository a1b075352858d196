using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using ModelPlatform.Inference.Protocol.Grpc.Wire;

namespace ModelPlatform.Tests.EndToEnd.Grpc;

/// <summary>
/// Streams that stay open and ask two models in turns, each request once the answer before it is there. Version n multiplies by n, so that an answer
/// which mixes versions gives itself away.
/// </summary>
internal sealed class StreamLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly ConcurrentDictionary<string, int> _answers = new();
    private readonly Task[] _workers;

    private StreamLoad(IEnumerable<GrpcChannel> channels, string[] models) => _workers = [.. channels.Select(channel => WorkAsync(channel, models))];

    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>By model and version.</summary>
    public IReadOnlyDictionary<string, int> Answers => _answers;

    public static StreamLoad Start(IEnumerable<GrpcChannel> channels, params string[] models) => new(channels, models);

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_workers);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private async Task WorkAsync(GrpcChannel channel, string[] models)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var stream = new GRPCInferenceService.GRPCInferenceServiceClient(channel).ModelStreamInfer();
        try
        {
            for (var i = 0; !_stopping.IsCancellationRequested; i++)
            {
                var x = (float)(i % 1000);
                await stream.RequestStream.WriteAsync(Request(models[i % models.Length], $"{i}", x));
                if (!await stream.ResponseStream.MoveNext(CancellationToken.None))
                {
                    _failures.Enqueue("the stream ended");
                    return;
                }
                Check(stream.ResponseStream.Current, $"{i}", x);
                await pace.WaitForNextTickAsync();
            }
            await stream.RequestStream.CompleteAsync();
            if (await stream.ResponseStream.MoveNext(CancellationToken.None)) _failures.Enqueue("an answer without a request");
        }
        catch (RpcException broken) { _failures.Enqueue(broken.Status.ToString()); }
    }

    private void Check(ModelStreamInferResponse answer, string id, float x)
    {
        var response = answer.InferResponse;
        if (answer.ErrorMessage.Length > 0 || response.Id != id)
        {
            _failures.Enqueue($"{response.Id} instead of {id}: {answer.ErrorMessage}");
            return;
        }
        _answers.AddOrUpdate($"{response.ModelName}/{response.ModelVersion}", 1, (_, count) => count + 1);
        var y = MemoryMarshal.Read<float>(response.RawOutputContents[0].Span);
        if (y != x * int.Parse(response.ModelVersion, null)) _failures.Enqueue($"{response.ModelName}/{response.ModelVersion} made {y} of {x}");
    }

    private static ModelInferRequest Request(string model, string id, float x) => new()
    {
        ModelName = model,
        Id = id,
        Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "FP32", Shape = { 1, 2 } } },
        RawInputContents = { ByteString.CopyFrom(MemoryMarshal.AsBytes<float>([x, x])) },
    };
}
