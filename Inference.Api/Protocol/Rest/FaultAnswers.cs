using Microsoft.AspNetCore.Diagnostics;
using ModelPlatform.Inference.Telemetry;
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
        var kind = exception switch
        {
            InferenceFault fault => fault.Kind,
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => FaultKind.TooLarge,
            BadHttpRequestException => FaultKind.InvalidInput,
            _ => FaultKind.Internal,
        };
        if (kind.IsTransient()) context.Response.Headers.RetryAfter = "1";
        if (kind == FaultKind.Unauthenticated) context.Response.Headers.WWWAuthenticate = "Bearer";
        if (kind == FaultKind.Internal) Log.Failed(logger, exception);
        Count(context, kind);
        await WriteAsync(
            context, (exception as BadHttpRequestException)?.StatusCode ?? kind.ToHttp(),
            exception is InferenceFault or BadHttpRequestException ? exception.Message : "The request failed inside the server.", cancellationToken);
        return true;
    }

    public static Task RefuseAsync(HttpContext context, FaultKind kind, string reason, CancellationToken cancelled)
    {
        Count(context, kind);
        return WriteAsync(context, kind.ToHttp(), reason, cancelled);
    }

    private static void Count(HttpContext context, FaultKind kind) => context.RequestServices.GetRequiredService<InferenceMetrics>().Refused(kind);

    private static Task WriteAsync(HttpContext context, int status, string reason, CancellationToken cancelled)
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
