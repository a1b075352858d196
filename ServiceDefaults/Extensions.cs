using HealthChecks.UI.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace ModelPlatform.ServiceDefaults;

/// <summary>What every service of the platform has: telemetry, health endpoints, service discovery, careful HTTP clients.</summary>
public static class Extensions
{
    private const string Live = "live";

    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.AddTelemetry();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [Live]);
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(client =>
        {
            // Outermost, so that each attempt asks service discovery anew.
            client.AddHttpMessageHandler(() => new SafeMethodRetry(SafeMethodRetry.DefaultDelay));
            client.AddServiceDiscovery();
        });
        builder.Services.AddSingleton<IStartupFilter, UntracedProbes>();
        builder.Services.AddHostedService<FreedMemory>();
        builder.Services.AddHostedService<StandInNotice>();
        return builder;
    }

    /// <summary>
    /// <c>/health</c> runs every check and says "ready", in the form that health pages read; <c>/alive</c> only says that the process answers. Both are mapped in every environment,
    /// <c>/metrics</c> only where it is turned on.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks(QuietPaths.Health, new HealthCheckOptions { ResponseWriter = UIResponseWriter.WriteHealthCheckUIResponseNoExceptionDetails });
        app.MapHealthChecks(QuietPaths.Alive, new HealthCheckOptions { Predicate = check => check.Tags.Contains(Live) });
        if (MetricsOptions.Of(app.Configuration).Prometheus) app.MapPrometheusScrapingEndpoint(QuietPaths.Metrics);
        return app;
    }
}
