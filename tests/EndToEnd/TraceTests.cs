using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Net.Client;
using ModelPlatform.Inference.Protocol.Grpc.Wire;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd;

/// <summary>What the dashboard knows, asked through its own telemetry API.</summary>
public sealed class TraceTests(RunningPlatform platform) : IClassFixture<RunningPlatform>
{
    private static readonly string[] Stages = ["download", "verify", "vet", "load", "warm", "golden", "swap"];
    private static readonly string[] Probes = ["/health", "/alive", "/v2/health/ready", "/v1/state/watch", "/healthchecks-api"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_scored_picture_is_one_trace_from_the_request_to_its_answer()
    {
        var picture = await File.ReadAllBytesAsync(RepositoryRoot.Combine("samples", "fashion", "images", "bag.png"), Cancelled);
        using var body = new ByteArrayContent(picture) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
        using var answer = await platform.Client.PostAsync(new Uri(platform.Api, "/v2/models/fashion/classify"), body, Cancelled);
        answer.EnsureSuccessStatusCode();

        await Eventually.IsTrueAsync("the trace of the request", async () => (await TracesAsync()).Any(trace =>
            trace.FirstOrDefault(span => span is { Name: "POST /v2/models/{model}/classify", Parent: null }) is { } request
            && new[] { "decode", "run", "postprocess" }.All(stage => trace.Any(span => span.Name == stage && span.Parent == request.Id))));
    }

    [Fact]
    public async Task A_call_over_gRPC_is_a_trace_like_that_of_a_request_and_health_checks_are_none()
    {
        using var channel = GrpcChannel.ForAddress(platform.Grpc);
        await new Health.HealthClient(channel).CheckAsync(new(), cancellationToken: Cancelled);
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(channel);
        await client.ServerReadyAsync(new(), cancellationToken: Cancelled);
        var request = new ModelInferRequest
        {
            ModelName = "fashion",
            Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "image", Datatype = "FP32", Shape = { 1, 1, 28, 28 } } },
            RawInputContents = { ByteString.CopyFrom(new byte[4 * 28 * 28]) },
        };
        await client.ModelInferAsync(request, cancellationToken: Cancelled);
        // Its requests are traces of their own, seen while it is open.
        using var stream = client.ModelStreamInfer(cancellationToken: Cancelled);
        await stream.RequestStream.WriteAsync(request, Cancelled);
        Assert.True(await stream.ResponseStream.MoveNext(Cancelled));

        const string Method = "POST /inference.GRPCInferenceService/";
        var traces = await Eventually.GetAsync(
            "the traces of the calls", async () => await TracesAsync() is var known && Has(known, Method + "ModelInfer") && Has(known, "ModelStreamInfer") ? known : null);
        await stream.RequestStream.CompleteAsync();

        Assert.DoesNotContain(traces.SelectMany(trace => trace), span => span.Name is Method + "ServerReady" || span.Name.Contains("Health", StringComparison.Ordinal));

        static bool Has(IReadOnlyList<IReadOnlyList<Span>> traces, string name) => traces.Any(trace =>
            trace.FirstOrDefault(span => span.Name == name && span.Parent is null) is { } call && trace.Any(span => span.Name == "run" && span.Parent == call.Id));
    }

    [Fact]
    public async Task A_reload_is_one_connected_trace_from_the_detection_to_the_last_ack()
    {
        var id = new ModelId(ModelName.Parse("traced"), new ModelVersion(7));
        await platform.Repository.PublishFolderAsync(id, RepositoryRoot.Combine("samples", "fashion", "2"));
        await platform.ConvergedAsync("traced", 7, replicas: 2);

        var trace = await Eventually.GetAsync("the trace of the reload with both replicas' acks", async () => (await TracesAsync())
            .FirstOrDefault(spans => Reloads(spans).Count() == 2 && Reloads(spans).All(reload => Under(spans, reload).Count(span => span.Name == "POST /v1/replicas/{id}/acks") >= 2)));

        var detect = Assert.Single(trace, span => span.Name == "detect" && trace.All(other => other.Id != span.Parent));
        Assert.Equal("model-sync", detect.Service);
        Assert.Single(trace, span => span.Name == "plan" && span.Parent == detect.Id);
        var publish = Assert.Single(trace, span => span.Name == "publish" && span.Parent == detect.Id);
        Assert.All(trace, span => Assert.True(span == detect || trace.Any(other => other.Id == span.Parent), $"{span.Name} hangs in the air"));

        Assert.Equal(2, Reloads(trace).Select(reload => reload.Instance).Distinct().Count());
        foreach (var reload in Reloads(trace))
        {
            Assert.Equal(publish.Id, reload.Parent);
            Assert.Equal(Stages.Order(), trace.Where(span => span.Parent == reload.Id && span.Name != "ack").Select(span => span.Name).Order());
        }

        static IEnumerable<Span> Reloads(IReadOnlyList<Span> spans) =>
            spans.Where(span => span.Name == "reload" && span.Tags.GetValueOrDefault("modelplatform.model.name") == "traced");
    }

    [Fact]
    public async Task A_rollout_in_steps_is_one_trace_from_the_detection_to_the_version_being_live()
    {
        foreach (var version in (int[])[1, 2])
        {
            var id = new ModelId(ModelName.Parse("stepped"), new ModelVersion(version));
            await platform.Repository.PublishFolderAsync(id, RepositoryRoot.Combine("samples", "fashion", $"{version}"));
            await platform.ConvergedAsync("stepped", version, replicas: 2);
        }

        var trace = await Eventually.GetAsync("the trace with every step", async () => (await TracesAsync())
            .FirstOrDefault(spans => Reloads(spans).Count() == 2 && spans.Count(span => span.Name == "step") == 2));
        var detect = Assert.Single(trace, span => span.Name == "detect");
        Assert.All(trace.Where(span => span.Name == "step"), step => Assert.Equal(detect.Id, step.Parent));
        Assert.Equal(3, trace.Count(span => span.Name == "publish" && trace.Any(other => other.Id == span.Parent && other.Name is "detect" or "step")));
        Assert.Equal(2, Reloads(trace).Select(reload => (reload.Instance, reload.Parent)).Distinct().Count());
        Assert.All(trace, span => Assert.True(span == detect || trace.Any(other => other.Id == span.Parent), $"{span.Name} hangs in the air"));

        static IEnumerable<Span> Reloads(IReadOnlyList<Span> spans) => spans.Where(span =>
            span.Name == "reload" && span.Tags.GetValueOrDefault("modelplatform.model.name") == "stepped" && span.Tags.GetValueOrDefault("modelplatform.model.version") == "2");
    }

    [Fact]
    public async Task Idle_passes_probes_and_the_watch_leave_no_trace()
    {
        // Once a later request has arrived in the dashboard, everything before it would have.
        using var answer = await platform.Client.GetAsync(new Uri(platform.Api, "/v2/models/fashion"), Cancelled);
        answer.EnsureSuccessStatusCode();
        var traces = await Eventually.GetAsync("the later request", async () =>
            await TracesAsync() is var known && known.Any(trace => trace.Any(span => span.Name == "GET /v2/models/{model}")) ? known : null);

        foreach (var span in traces.SelectMany(trace => trace))
        {
            Assert.DoesNotContain(span.Tags.GetValueOrDefault("url.path") ?? "", Probes);
            var called = span.Tags.GetValueOrDefault("url.full") ?? "";
            Assert.DoesNotContain("comp=list", called, StringComparison.Ordinal);
            Assert.DoesNotContain(Probes, probe => called.EndsWith(probe, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Logs_and_metrics_of_all_services_arrive()
    {
        await Eventually.IsTrueAsync("three instances with logs, traces and metrics", async () =>
        {
            var resources = (await TelemetryAsync("resources")).AsArray();
            return resources.Count(resource => Is(resource, "inference-api")) == 2 && resources.Count(resource => Is(resource, "model-sync")) == 1;
        });

        static bool Is(JsonNode? resource, string name) =>
            (string?)resource!["name"] == name && (bool)resource["hasLogs"]! && (bool)resource["hasTraces"]! && (bool)resource["hasMetrics"]!;
    }

    private async Task<IReadOnlyList<IReadOnlyList<Span>>> TracesAsync() =>
        [.. Span.Read(await TelemetryAsync("traces")).GroupBy(span => span.Trace).Select(trace => trace.ToList())];

    private async Task<JsonNode> TelemetryAsync(string what)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(platform.Dashboard, $"/api/telemetry/{what}"));
        request.Headers.Add("x-api-key", RunningPlatform.TelemetryKey);
        using var answer = await platform.Client.SendAsync(request, Cancelled);
        answer.EnsureSuccessStatusCode();
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!;
    }

    private static IEnumerable<Span> Under(IReadOnlyList<Span> trace, Span root) =>
        trace.Where(span => span.Parent == root.Id).SelectMany(child => Under(trace, child).Prepend(child));
}
