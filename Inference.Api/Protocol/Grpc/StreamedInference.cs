using System.Diagnostics;
using System.Threading.Channels;
using Grpc.Core;
using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Protocol.Grpc.Wire;
using ModelPlatform.Inference.Telemetry;

namespace ModelPlatform.Inference.Protocol.Grpc;

/// <summary>
/// Requests that share a stream. Some are worked on at a time, answers go out in the order of the requests, and one that fails says so in its own answer.
/// </summary>
internal sealed class StreamedInference(InferencePipeline pipeline, ClientRate rate, FaultStatuses faults, Drain drain, IOptions<ProtocolOptions> limits, TimeProvider time)
{
    // Enough to fill batches, and so few that one stream does not take all places of a model.
    private const int AtOnce = 4;

    public async Task AnswerAsync(IAsyncStreamReader<ModelInferRequest> requests, IServerStreamWriter<ModelStreamInferResponse> answers, ServerCallContext call)
    {
        var cancelled = call.CancellationToken;
        drain.AwaitEndOf(call.GetHttpContext().Response);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        // The one that is being written has left the channel.
        var begun = Channel.CreateBounded<Task<ModelStreamInferResponse>>(AtOnce - 1);
        var taking = TakeAsync(requests, begun.Writer, call.GetHttpContext(), ending.Token);
        try
        {
            await foreach (var answer in begun.Reader.ReadAllAsync(cancelled)) await answers.WriteAsync(await answer, cancelled);
        }
        finally
        {
            await ending.CancelAsync();
        }
        await taking;
    }

    private async Task TakeAsync(IAsyncStreamReader<ModelInferRequest> requests, ChannelWriter<Task<ModelStreamInferResponse>> begun, HttpContext client, CancellationToken cancelled)
    {
        using var open = CancellationTokenSource.CreateLinkedTokenSource(cancelled, drain.Over);
        try
        {
            while (await requests.MoveNext(open.Token))
            {
                await begun.WaitToWriteAsync(cancelled);
                begun.TryWrite(InferAsync(requests.Current, client, cancelled));
            }
        }
        catch (Exception broken) when (broken is OperationCanceledException or RpcException && drain.Over.IsCancellationRequested && !cancelled.IsCancellationRequested)
        {
            throw new InferenceFault(FaultKind.NotReady, "It is shutting down.");
        }
        // What was begun is answered all the same.
        finally { begun.Complete(); }
    }

    private async Task<ModelStreamInferResponse> InferAsync(ModelInferRequest request, HttpContext client, CancellationToken cancelled)
    {
        using var deadline = new CancellationTokenSource(limits.Value.Deadline, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancelled, deadline.Token);
        using var span = InferenceTelemetry.StreamedRequest(nameof(InferenceCalls.ModelStreamInfer));
        try
        {
            rate.Require(client);
            var answer = await pipeline.InferAsync(
                request.ModelName, InferenceCalls.Given(request.ModelVersion), _ => InferMessages.Read(request), () => !cancelled.IsCancellationRequested, ending.Token);
            return new ModelStreamInferResponse { InferResponse = InferMessages.Write(answer) };
        }
#pragma warning disable CA1031 // Its sender is told, and the other requests go on.
        catch (Exception failure) when (!cancelled.IsCancellationRequested)
        {
            var reason = faults.Refuse(failure);
            span?.SetStatus(ActivityStatusCode.Error, reason);
            return new ModelStreamInferResponse
            {
                ErrorMessage = reason,
                InferResponse = new ModelInferResponse { ModelName = request.ModelName, ModelVersion = request.ModelVersion, Id = request.Id },
            };
        }
#pragma warning restore CA1031
    }
}
