using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using OpenTelemetry;

namespace ModelPlatform.ServiceDefaults;

/// <summary>
/// Keeps what a health check does (a query, a call) out of the traces. The filter of the instrumentation drops only the request's own span,
/// and its children would appear as roots wherever the sampler is "always on". The watch is left alone: suppressing also drops its log records.
/// </summary>
internal sealed class UntracedProbes : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(AnswerAsync);
        next(app);
    };

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        using var untraced = QuietPaths.AreProbed(context.Request.Path) ? SuppressInstrumentationScope.Begin() : null;
        await next(context);
    }
}
