using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ModelPlatform.ServiceDefaults;

/// <summary>Logs, metrics and traces by OpenTelemetry, sent over OTLP where OTEL_EXPORTER_OTLP_ENDPOINT says; metrics also for Prometheus to fetch, where it is turned on.</summary>
internal static class Telemetry
{
    // Each is the name of the meter and of the activity source of one service.
    private static readonly string[] Ours = ["ModelPlatform.Inference", "ModelPlatform.Sync"];

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
        });

        var telemetry = builder.Services.AddOpenTelemetry()
            // A measurement that was made in a recorded span names it: from a slow bucket to a slow request.
            .WithMetrics(metrics => metrics
                .SetExemplarFilter(ExemplarFilterType.TraceBased)
                .AddMeter(Ours)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation())
            .WithTracing(traces => traces
                .AddSource(Ours)
                .AddAspNetCoreInstrumentation(requests => requests.Filter = context => !QuietPaths.Contain(context.Request))
                .AddHttpClientInstrumentation(requests => requests.FilterHttpRequestMessage = request => !QuietPaths.Contain(request.RequestUri?.AbsolutePath)));

        if (MetricsOptions.Of(builder.Configuration).Prometheus) telemetry.WithMetrics(metrics => metrics.AddPrometheusExporter());
        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) telemetry.UseOtlpExporter();
    }
}
