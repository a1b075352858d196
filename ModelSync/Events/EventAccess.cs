using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using ModelPlatform.ServiceDefaults;
using ModelPlatform.Sync.Telemetry;

namespace ModelPlatform.Sync.Events;

/// <summary>Who may tell of events: whoever shows the key, or a token. Asked before anything of a call is read.</summary>
internal sealed class EventAccess(IOptions<EventOptions> options, EntraTokens tokens, SyncMetrics metrics) : IEndpointFilter
{
    private readonly SharedSecret? _key = options.Value.Key is { Length: > 0 } key ? new(key) : null;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (_key is null && !tokens.AreTaken) return ErrorBody.Answer(404, "Events are turned off here: neither Events:Key nor Events:Audience is set.");
        var http = context.HttpContext;
        if (ShownBy(http.Request) is { } shown && (_key?.Is(shown) == true || await tokens.AdmitAsync(shown))) return await next(context);
        metrics.EventRefused();
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return ErrorBody.Answer(401, "The key of the events is missing or wrong.");
    }

    // Event Grid's webhooks can be given either: a header that is the same in each call, or an address with a query.
    private static string? ShownBy(HttpRequest request) =>
        request.Headers.Authorization is [var authorization]
            ? AuthenticationHeaderValue.TryParse(authorization, out var sent) && sent.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) ? sent.Parameter : null
            : request.Query["key"] is [var key] ? key : null;
}
