using Microsoft.AspNetCore.Diagnostics;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>Answers what went wrong in the protocol's form, <c>{"error": "…"}</c>, wherever on the way it went wrong.</summary>
internal sealed partial class FaultAnswers(ILogger<FaultAnswers> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }
        var (status, reason) = exception switch
        {
            InferenceFault fault => (fault.Kind.ToHttp(), fault.Message),
            BadHttpRequestException bad => (bad.StatusCode, bad.Message),
            _ => (StatusCodes.Status500InternalServerError, "The request failed inside the server."),
        };
        if (exception is InferenceFault transient && transient.Kind.IsTransient()) context.Response.Headers.RetryAfter = "1";
        if (status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer";
        if (status == StatusCodes.Status500InternalServerError) Log.Failed(logger, exception);
        await WriteAsync(context, status, reason, cancellationToken);
        return true;
    }

    public static Task WriteAsync(HttpContext context, int status, string reason, CancellationToken cancelled)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new ErrorBody(reason), RestJson.Readable.ErrorBody, cancellationToken: cancelled);
    }

    /// <summary>For answers without a body of their own, such as an unknown path or a wrong verb.</summary>
    public static Task WriteEmptyAsync(HttpContext context) => WriteAsync(
        context,
        context.Response.StatusCode,
        context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => "There is nothing at this address.",
            StatusCodes.Status405MethodNotAllowed => $"{context.Request.Method} is not possible here.",
            var status => $"The request failed with status {status}.",
        },
        context.RequestAborted);

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "A request failed inside the server.")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
