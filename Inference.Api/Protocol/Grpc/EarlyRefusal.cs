using ModelPlatform.Inference.Telemetry;

namespace ModelPlatform.Inference.Protocol.Grpc;

/// <summary>A status for a call that has not come as far as the library: an answer of headers only, as the wire format allows ("Trailers-Only").</summary>
internal static class EarlyRefusal
{
    /// <param name="reason">In printable ASCII without a percent sign.</param>
    public static Task WriteAsync(HttpContext context, FaultKind kind, string reason, TimeSpan wait)
    {
        context.RequestServices.GetRequiredService<InferenceMetrics>().Refused(kind);
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-status"] = $"{(int)kind.ToGrpc()}";
        context.Response.Headers["grpc-message"] = reason;
        context.Response.Headers[FaultStatuses.Pushback] = $"{(long)Math.Max(1, wait.TotalMilliseconds)}";
        return context.Response.CompleteAsync();
    }
}
