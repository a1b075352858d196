using System.Collections.Concurrent;
using System.Net;
using ModelPlatform.Tests.EndToEnd.Telemetry.Wire;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.Telemetry;

/// <summary>Takes what services export over OTLP, for tests that start them without the AppHost and its dashboard. Metrics and logs are taken and dropped.</summary>
internal sealed class SpanCollector : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<ExportedSpan> _spans = new();
    private readonly string _address = $"http://127.0.0.1:{FreePort.Next()}";
    private readonly Task _taking;

    public SpanCollector()
    {
        _listener.Prefixes.Add($"{_address}/");
        _listener.Start();
        _taking = TakeAsync();
    }

    /// <summary>For each service that is to export to it.</summary>
    public (string Name, string Value)[] Settings =>
        [("OTEL_EXPORTER_OTLP_ENDPOINT", _address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_BSP_SCHEDULE_DELAY", "200")];

    public IReadOnlyList<ExportedSpan> All => [.. _spans];

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _taking;
    }

    private async Task TakeAsync()
    {
        try
        {
            while (true) await TakeAsync(await _listener.GetContextAsync());
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException) { }
    }

    private async Task TakeAsync(HttpListenerContext call)
    {
        using var body = new MemoryStream();
        await call.Request.InputStream.CopyToAsync(body);
        if (call.Request.Url!.AbsolutePath == "/v1/traces")
        {
            foreach (var span in TracesData.Parser.ParseFrom(body.ToArray()).ResourceSpans.SelectMany(resource => resource.ScopeSpans).SelectMany(scope => scope.Spans))
                _spans.Enqueue(ExportedSpan.Of(span));
        }
        call.Response.ContentType = "application/x-protobuf";
        call.Response.Close();
    }
}

/// <param name="Failure">What its status says.</param>
internal sealed record ExportedSpan(string Trace, string Id, string Parent, string Name, IReadOnlyList<string> Events, string? Failure)
{
    public static ExportedSpan Of(SpanData span) => new(
        Convert.ToHexString(span.TraceId.Span), Convert.ToHexString(span.SpanId.Span), Convert.ToHexString(span.ParentSpanId.Span), span.Name,
        [.. span.Events.Select(happened => happened.Name)], span.Status?.Message);
}
