using Grpc.Core;

namespace ModelPlatform.Tests.Integration.Inference.Grpc;

/// <summary>Whoever watches refusals sees those of gRPC among them.</summary>
public sealed class GrpcRefusalCountTests(Azurite azurite) : OneGrpcReplica(azurite)
{
    [Fact]
    public async Task Refused_calls_and_requests_of_streams_are_counted_by_their_reason()
    {
        await StartAsync(OnnxModels.Times(2));
        using var counted = new MeterSums(App);
        await IsRefusedAsync(StatusCode.NotFound, Client.ModelReadyAsync(new() { Name = "nobody" }, cancellationToken: Cancelled));
        await IsRefusedAsync(StatusCode.InvalidArgument, Client.ModelInferAsync(Raw("y", "FP32", [1, 2], new byte[8]), cancellationToken: Cancelled));

        using var stream = Client.ModelStreamInfer(cancellationToken: Cancelled);
        await stream.RequestStream.WriteAsync(Raw("x", "FP32", [1, 2], new byte[7]), Cancelled);
        await stream.RequestStream.CompleteAsync();
        Assert.True(await stream.ResponseStream.MoveNext(Cancelled));
        IsReason(stream.ResponseStream.Current.ErrorMessage);
        Assert.Equal([("invalid_input", 2d), ("unknown_model", 1d)], Refused(counted));
    }

    [Fact]
    public async Task A_call_is_counted_as_late_by_the_servers_deadline_and_not_by_its_callers()
    {
        await StartAsync(OnnxModels.Spin(), ("Limits:Deadline", "00:00:01"));
        using var counted = new MeterSums(App);
        await Assert.ThrowsAsync<RpcException>(async () => await Client.ModelInferAsync(Rounds(long.MaxValue), deadline: DateTime.UtcNow.AddSeconds(0.3), cancellationToken: Cancelled));

        await IsRefusedAsync(StatusCode.DeadlineExceeded, Client.ModelInferAsync(Rounds(long.MaxValue), cancellationToken: Cancelled));
        Assert.Equal([("deadline_exceeded", 1d)], Refused(counted));
    }

    private static IEnumerable<(string Reason, double Count)> Refused(MeterSums sums)
    {
        const string Counter = "modelplatform.inference.requests.refused reason=";
        return sums.Keys.Where(key => key.StartsWith(Counter, StringComparison.Ordinal)).Select(key => (key[Counter.Length..], sums[key])).Order();
    }
}
