using Grpc.Core;
using ModelPlatform.Inference.Telemetry;

namespace ModelPlatform.Inference.Protocol.Grpc;

/// <summary>A status for a call that has not come as far as the library: an answer of headers only, as the wire format allows ("Trailers-Only").</summary>
internal static class EarlyRefusal
{
    /// <param name="reason">In printable ASCII without a percent sign.</param>
    public static Task WriteAsync(HttpContext context, FaultKind kind, string reason, TimeSpan? wait = null)
    {
        context.RequestServices.GetRequiredService<InferenceMetrics>().Refused(kind);
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-status"] = $"{(int)kind.ToGrpc()}";
        context.Response.Headers["grpc-message"] = reason;
        if (wait is { } moment) context.Response.Headers[FaultStatuses.Pushback] = $"{(long)Math.Max(1, moment.TotalMilliseconds)}";
        return context.Response.CompleteAsync();
    }

    /// <summary>For a call whose time is up: where its message was not here by then, the library has seen a read end, and without asking anybody it calls that a fault of the server's.</summary>
    public static Task RefuseLateAsync(HttpContext context, string reason) =>
        !context.Response.HasStarted && context.Response.Headers["grpc-status"] == $"{(int)StatusCode.Internal}"
            ? WriteAsync(context, FaultKind.DeadlineExceeded, reason)
            : Task.CompletedTask;
}
