using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using ModelPlatform.Inference;
using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Protocol.Grpc.Wire;

namespace ModelPlatform.Tests.Integration.Inference.Grpc;

/// <summary>Requests that share a stream.</summary>
public sealed class GrpcStreamTests(Azurite azurite) : OneGrpcReplica(azurite)
{
    [Fact]
    public async Task Answers_come_in_the_order_of_the_requests_and_a_fault_is_one_requests_only()
    {
        await StartAsync(OnnxModels.Times(2));
        using var stream = Client.ModelStreamInfer(cancellationToken: Cancelled);
        const int Count = 100;
        var sending = Task.Run(
            async () =>
            {
                for (var i = 0; i < Count; i++)
                {
                    var request = Raw(i, i);
                    request.Id = $"{i}";
                    if (i % 10 == 3) request.ModelName = "nope";
                    if (i % 10 == 7) request.Inputs[0].Shape[0] = 2;
                    await stream.RequestStream.WriteAsync(request, Cancelled);
                }
                await stream.RequestStream.CompleteAsync();
            },
            Cancelled);
        for (var i = 0; i < Count; i++)
        {
            Assert.True(await stream.ResponseStream.MoveNext(Cancelled));
            var answer = stream.ResponseStream.Current;
            Assert.Equal($"{i}", answer.InferResponse.Id);
            if (i % 10 is 3 or 7)
            {
                IsReason(answer.ErrorMessage);
                Assert.Empty(answer.InferResponse.Outputs);
                continue;
            }
            Assert.Empty(answer.ErrorMessage);
            Assert.Equal([2f * i, 2f * i], Floats(answer.InferResponse));
        }
        Assert.False(await stream.ResponseStream.MoveNext(Cancelled));
        await sending;
        Assert.Empty(App.Logs.Warnings);
    }

    [Fact]
    public async Task Each_request_of_a_stream_has_its_own_deadline_and_the_stream_outlives_it()
    {
        await StartAsync(OnnxModels.Spin(), ("Limits:Deadline", "00:00:00.5"), ("Execution:Concurrency", "1"));
        using var stream = Client.ModelStreamInfer(cancellationToken: Cancelled);
        foreach (var rounds in new[] { 1, long.MaxValue, 2, long.MaxValue, 3 })
        {
            await stream.RequestStream.WriteAsync(Rounds(rounds), Cancelled);
            Assert.True(await stream.ResponseStream.MoveNext(Cancelled));
            var answer = stream.ResponseStream.Current;
            if (rounds == long.MaxValue) Assert.Equal("The request was not done within 0.5 s.", answer.ErrorMessage);
            else Assert.Equal(rounds, BitConverter.ToInt64(answer.InferResponse.RawOutputContents[0].Span));
        }
        await stream.RequestStream.CompleteAsync();
        Assert.False(await stream.ResponseStream.MoveNext(Cancelled));
    }

    [Fact]
    public async Task A_stream_whose_caller_leaves_ends_its_runs()
    {
        await StartAsync(OnnxModels.Spin(), ("Execution:Concurrency", "1"), ("Execution:MaxWaiting", "0"));
        using (var stream = Client.ModelStreamInfer(cancellationToken: Cancelled))
        {
            await stream.RequestStream.WriteAsync(Rounds(long.MaxValue), Cancelled);
            // By a look and not by a call, which would take the only place itself.
            await Eventually.IsTrueAsync("the run is under way", () => Task.FromResult(IsFull()));
        }
        await Eventually.IsTrueAsync("the place is free", async () => await StatusAsync() == StatusCode.OK);
        Assert.Empty(App.Logs.Warnings);
    }

    [Fact]
    public async Task A_server_that_stops_answers_what_it_took_and_ends_the_stream()
    {
        await StartAsync(OnnxModels.Times(2));
        using var stream = Client.ModelStreamInfer(cancellationToken: Cancelled);
        await stream.RequestStream.WriteAsync(Raw(1, 2), Cancelled);
        Assert.True(await stream.ResponseStream.MoveNext(Cancelled));

        var stopped = App.DisposeAsync();
        var end = await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(Cancelled));
        Assert.True((end.StatusCode, end.Status.Detail) == (StatusCode.Unavailable, "It is shutting down."), end.ToString());
        await stopped;
    }

    private bool IsFull()
    {
        using var lease = App.Services.GetRequiredService<ModelCatalog>().Acquire("m");
        try { lease.Model.Admission.RequireRoom(); }
        catch (InferenceFault full) when (full.Kind == FaultKind.Overloaded) { return true; }
        return false;
    }

    private async Task<StatusCode> StatusAsync()
    {
        try
        {
            await Client.ModelInferAsync(Rounds(1), cancellationToken: Cancelled);
            return StatusCode.OK;
        }
        catch (RpcException refused) { return refused.StatusCode; }
    }
}
