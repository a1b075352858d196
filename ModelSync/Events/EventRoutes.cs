using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.State;
using ModelPlatform.ServiceDefaults;
using ModelPlatform.Sync.Telemetry;

namespace ModelPlatform.Sync.Events;

internal static partial class EventRoutes
{
    /// <summary>The largest batch that Event Grid makes.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    private const int MaxOrigin = 255;

    private static readonly string[] MediaTypes = ["application/json", "application/cloudevents+json", "application/cloudevents-batch+json"];

    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        var events = routes.MapGroup(SyncRoutes.Events).AddEndpointFilter(routes.ServiceProvider.GetRequiredService<EventAccess>());
        events.MapPost("", TakeAsync).WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes));
        events.MapMethods("", [HttpMethods.Options], Consent);
    }

    private static async Task<IResult> TakeAsync(HttpRequest request, EventIntake intake, SyncMetrics metrics, ILogger<EventIntake> logger)
    {
        if (!MediaTypes.Contains(request.ContentType?.Split(';', 2)[0].Trim(), StringComparer.OrdinalIgnoreCase))
            return Refuse(metrics, 415, $"Events come as {string.Join(", ", MediaTypes)}.");
        try
        {
            var body = await BinaryData.FromStreamAsync(request.Body, request.HttpContext.RequestAborted);
            var events = EventBatch.Parse(body.ToMemory().Span);
            intake.Take(events);
            if (events.FirstOrDefault(one => one.ValidationCode is not null) is not { } handshake) return TypedResults.Ok();
            Log.Welcomed(logger, "Event Grid");
            // The code alone: the address that came with it is never called.
            return TypedResults.Json(new ValidationAnswer(handshake.ValidationCode!), EventJson.Default.ValidationAnswer);
        }
        catch (InvalidDocumentException malformed) { return Refuse(metrics, 400, malformed.Message); }
        catch (BadHttpRequestException refused) { return Refuse(metrics, refused.StatusCode, refused.Message); }   // larger than the limit
    }

    /// <summary>The handshake of CloudEvents: whether we want what somebody means to send here. We have seen that he has the key.</summary>
    private static IResult Consent(HttpRequest request, HttpResponse response, SyncMetrics metrics, ILogger<EventIntake> logger)
    {
        if (request.Headers["WebHook-Request-Origin"] is not [{ Length: > 0 and <= MaxOrigin } origin] || Uri.CheckHostName(origin) == UriHostNameType.Unknown)
            return Refuse(metrics, 400, "WebHook-Request-Origin does not name who means to send events.");
        response.Headers.Allow = "OPTIONS, POST";
        response.Headers["WebHook-Allowed-Origin"] = origin;
        response.Headers["WebHook-Allowed-Rate"] = "*";
        Log.Welcomed(logger, origin);
        return TypedResults.Ok();
    }

    private static JsonHttpResult<ErrorBody> Refuse(SyncMetrics metrics, int status, string reason)
    {
        metrics.EventRefused();
        return ErrorBody.Answer(status, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Sender} asked whether its events are welcome, and was told so.")]
        public static partial void Welcomed(ILogger logger, string sender);
    }
}
