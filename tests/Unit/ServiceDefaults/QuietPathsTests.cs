using Microsoft.AspNetCore.Http;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Tests.Unit.ServiceDefaults;

public sealed class QuietPathsTests
{
    [Theory]
    [InlineData("/", true)]
    [InlineData("/health", true)]
    [InlineData("/alive", true)]
    [InlineData("/metrics", true)]
    [InlineData("/v2/health/live", true)]
    [InlineData("/v2/health/ready", true)]
    [InlineData("/grpc.health.v1.Health/Check", true)]
    [InlineData("/grpc.health.v1.Health/Watch", true)]
    [InlineData("/inference.GRPCInferenceService/ServerReady", true)]
    [InlineData("/inference.GRPCInferenceService/ModelReady", false)]
    [InlineData("/inference.GRPCInferenceService/ModelInfer", false)]
    [InlineData("/v1/state/watch", true)]
    [InlineData("/healthchecks-api", true)]
    [InlineData("/console/events", true)]
    [InlineData("/console/content", true)]
    [InlineData("/console/models/fashion/pin", false)]
    [InlineData("/events/blob", true)]
    [InlineData("/v1/state", false)]
    [InlineData("/v1/replicas", false)]
    [InlineData("/v2/models/fashion/classify", false)]
    [InlineData("/healthy", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Probes_the_watch_events_and_open_pages_are_quiet(string? path, bool quiet) => Assert.Equal(quiet, QuietPaths.Contain(path));

    [Theory]
    [InlineData("/v1/replicas/a/acks", null, true)]
    [InlineData("/v1/replicas/a/acks", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false)]
    [InlineData("/v1/replicas", null, false)]
    [InlineData("/health", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true)]
    public void An_ack_without_a_trace_begins_none(string path, string? traceparent, bool quiet)
    {
        var request = new DefaultHttpContext { Request = { Path = path } }.Request;
        if (traceparent is not null) request.Headers["traceparent"] = traceparent;
        Assert.Equal(quiet, QuietPaths.Contain(request));
    }

    [Fact]
    public void The_watch_is_no_probe() => Assert.False(QuietPaths.AreProbed("/v1/state/watch"));
}
