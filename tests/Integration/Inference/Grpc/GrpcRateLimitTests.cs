using Grpc.Core;

namespace ModelPlatform.Tests.Integration.Inference.Grpc;

/// <summary>The limit on each client's rate holds for calls and for the requests of a stream.</summary>
public sealed class GrpcRateLimitTests(Azurite azurite) : OneGrpcReplica(azurite)
{
    [Fact]
    public async Task A_client_over_its_rate_is_told_when_to_come_again_and_may_still_ask_for_health()
    {
        await StartAsync(OnnxModels.Times(2), ("RateLimit:PerSecond", "1"), ("RateLimit:Burst", "3"));
        var refusal = await FirstRefusalAsync();
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        Assert.InRange(long.Parse(refusal.Trailers.GetValue("grpc-retry-pushback-ms")!, null), 1, 1000);
        IsReason(refusal.Status.Detail);

        for (var i = 0; i < 10; i++)
        {
            Assert.True((await Client.ServerReadyAsync(new(), cancellationToken: Cancelled)).Ready);
            await HealthClient.CheckAsync(new(), cancellationToken: Cancelled);
            await Client.ModelMetadataAsync(new() { Name = "m" }, cancellationToken: Cancelled);
        }
        await Eventually.IsTrueAsync("the client may send again", async () =>
        {
            try { return Floats(await Client.ModelInferAsync(Raw(1, 2), cancellationToken: Cancelled)) is [2, 4]; }
            catch (RpcException again) when (again.StatusCode == StatusCode.ResourceExhausted) { return false; }
        });
    }

    [Fact]
    public async Task Requests_of_a_stream_count_and_one_too_many_is_refused_in_its_own_answer()
    {
        await StartAsync(OnnxModels.Times(2), ("RateLimit:PerSecond", "1"), ("RateLimit:Burst", "3"));
        using var stream = Client.ModelStreamInfer(cancellationToken: Cancelled);
        var refused = 0;
        for (var i = 0; i < 50; i++)
        {
            await stream.RequestStream.WriteAsync(Raw(1, 2), Cancelled);
            Assert.True(await stream.ResponseStream.MoveNext(Cancelled));
            var answer = stream.ResponseStream.Current;
            if (answer.ErrorMessage.Contains("more requests than it may", StringComparison.Ordinal)) refused++;
            else Assert.Equal(Row(2, 4), Floats(answer.InferResponse));
        }
        Assert.InRange(refused, 1, 48);
    }

    [Fact]
    public async Task Nobody_is_limited_unless_it_is_asked_for()
    {
        await StartAsync(OnnxModels.Times(2), ("RateLimit:Burst", "1"));
        for (var i = 0; i < 50; i++) Assert.Equal(Row(2, 4), Floats(await Client.ModelInferAsync(Raw(1, 2), cancellationToken: Cancelled)));
    }

    private async Task<RpcException> FirstRefusalAsync()
    {
        for (var i = 0; i < 1000; i++)
        {
            try { await Client.ModelInferAsync(Raw(1, 2), cancellationToken: Cancelled); }
            catch (RpcException refusal) { return refusal; }
        }
        throw new InvalidOperationException("No call was refused.");
    }
}
