using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace OpenTelemetry.Instrumentation.AspNetCore;

/// <summary>Puts the conventional names and tags on the framework's own activities (opentelemetry.io/docs/specs/semconv/http/http-spans).</summary>
internal sealed class IncomingRequests(AspNetCoreTraceInstrumentationOptions options) : IDisposable
{
    private static readonly HashSet<string> KnownMethods = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];

    private readonly DiagnosticEvents _events = new("Microsoft.AspNetCore", new()
    {
        ["Microsoft.AspNetCore.Hosting.HttpRequestIn.Start"] = (activity, payload) => Start(activity, (HttpContext)payload!, options),
        ["Microsoft.AspNetCore.Hosting.HttpRequestIn.Stop"] = (activity, payload) => Stop(activity, (HttpContext)payload!, options),
        ["Microsoft.AspNetCore.Hosting.UnhandledException"] = (activity, payload) => Fail(activity, payload, options),
        ["Microsoft.AspNetCore.Diagnostics.UnhandledException"] = (activity, payload) => Fail(activity, payload, options),
    });

    public void Dispose() => _events.Dispose();

    private static void Start(Activity activity, HttpContext context, AspNetCoreTraceInstrumentationOptions options)
    {
        if (options.Filter?.Invoke(context) == false)
        {
            DiagnosticEvents.Drop(activity);
            return;
        }

        var request = context.Request;
        var method = Method(request);
        activity.DisplayName = method ?? "HTTP";
        activity.SetTag("http.request.method", method ?? "_OTHER");
        if (method is null)
            activity.SetTag("http.request.method_original", request.Method);
        if (request.Host.HasValue)
            activity.SetTag("server.address", request.Host.Host);
        if (request.Host.Port is { } port)
            activity.SetTag("server.port", port);
        activity.SetTag("url.scheme", request.Scheme);
        activity.SetTag("url.path", request.PathBase.HasValue || request.Path.HasValue ? $"{request.PathBase}{request.Path}" : "/");
        if (request.QueryString.HasValue)
            activity.SetTag("url.query", "?" + string.Join('&', request.QueryString.Value![1..].Split('&').Select(pair => pair.IndexOf('=') is > 0 and var at ? $"{pair[..at]}=Redacted" : pair)));
        activity.SetTag("network.protocol.version", request.Protocol switch { "HTTP/1.0" => "1.0", "HTTP/2" => "2", "HTTP/3" => "3", _ => "1.1" });
        if (request.Headers.UserAgent is [{ Length: > 0 } agent, ..])
            activity.SetTag("user_agent.original", agent);
        options.EnrichWithHttpRequest?.Invoke(activity, request);
    }

    private static void Stop(Activity activity, HttpContext context, AspNetCoreTraceInstrumentationOptions options)
    {
        var endpoint = context.Features.Get<IExceptionHandlerPathFeature>()?.Endpoint ?? context.GetEndpoint();
        if (endpoint is RouteEndpoint { RoutePattern.RawText: { Length: > 0 } route })
        {
            activity.DisplayName = $"{Method(context.Request) ?? "HTTP"} {route}";
            activity.SetTag("http.route", route);
        }

        activity.SetTag("http.response.status_code", context.Response.StatusCode);
        if (activity.Status == ActivityStatusCode.Unset && context.Response.StatusCode >= 500)
            activity.SetStatus(ActivityStatusCode.Error);
        options.EnrichWithHttpResponse?.Invoke(activity, context.Response);
    }

    private static void Fail(Activity activity, object? payload, AspNetCoreTraceInstrumentationOptions options)
    {
        // The payload is an anonymous type.
        if ((DiagnosticEvents.Read<Exception>(payload, "exception") ?? DiagnosticEvents.Read<Exception>(payload, "Exception")) is not { } failure)
            return;
        activity.SetTag("error.type", failure.GetType().FullName);
        if (options.RecordException)
            activity.AddException(failure);
        activity.SetStatus(ActivityStatusCode.Error);
        options.EnrichWithException?.Invoke(activity, failure);
    }

    private static string? Method(HttpRequest request) => KnownMethods.TryGetValue(request.Method.ToUpperInvariant(), out var method) ? method : null;
}
