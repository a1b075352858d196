using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ModelPlatform.Tests.Integration.Inference.Grpc;

/// <summary>Whoever watches refusals sees those of gRPC among them.</summary>
public sealed class GrpcRefusalCountTests(Azurite azurite) : OneGrpcReplica(azurite)
{
    [Fact]
    public async Task Refused_calls_and_requests_of_streams_are_counted_by_their_reason()
    {
        await StartAsync(OnnxModels.Times(2));
        using var counted = new RefusalCount(App.Services.GetRequiredService<IMeterFactory>());
        await IsRefusedAsync(StatusCode.NotFound, Client.ModelReadyAsync(new() { Name = "nobody" }, cancellationToken: Cancelled));
        await IsRefusedAsync(StatusCode.InvalidArgument, Client.ModelInferAsync(Raw("y", "FP32", [1, 2], new byte[8]), cancellationToken: Cancelled));

        using var stream = Client.ModelStreamInfer(cancellationToken: Cancelled);
        await stream.RequestStream.WriteAsync(Raw("x", "FP32", [1, 2], new byte[7]), Cancelled);
        await stream.RequestStream.CompleteAsync();
        Assert.True(await stream.ResponseStream.MoveNext(Cancelled));
        IsReason(stream.ResponseStream.Current.ErrorMessage);
        Assert.Equal([("invalid_input", 2L), ("unknown_model", 1L)], counted.Reasons);
    }

    [Fact]
    public async Task A_call_is_counted_as_late_by_the_servers_deadline_and_not_by_its_callers()
    {
        await StartAsync(OnnxModels.Spin(), ("Limits:Deadline", "00:00:01"));
        using var counted = new RefusalCount(App.Services.GetRequiredService<IMeterFactory>());
        await Assert.ThrowsAsync<RpcException>(async () => await Client.ModelInferAsync(Rounds(long.MaxValue), deadline: DateTime.UtcNow.AddSeconds(0.3), cancellationToken: Cancelled));

        await IsRefusedAsync(StatusCode.DeadlineExceeded, Client.ModelInferAsync(Rounds(long.MaxValue), cancellationToken: Cancelled));
        Assert.Equal([("deadline_exceeded", 1L)], counted.Reasons);
    }

    private sealed class RefusalCount : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentDictionary<string, long> _reasons = new();

        public RefusalCount(IMeterFactory meters)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Name == "modelplatform.inference.requests.refused") listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, value, tags, _) => _reasons.AddOrUpdate((string)tags[0].Value!, value, (_, before) => before + value));
            _listener.Start();
        }

        public IEnumerable<(string Reason, long Count)> Reasons => _reasons.Select(reason => (reason.Key, reason.Value)).Order();

        public void Dispose() => _listener.Dispose();
    }
}
