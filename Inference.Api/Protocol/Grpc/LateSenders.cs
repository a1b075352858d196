using System.Globalization;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace ModelPlatform.Inference.Protocol.Grpc;

/// <summary>Who has not sent his message by the deadline is told so. The library reads it before anybody sees the call, and would call the end of that an internal error.</summary>
internal static class LateSenders
{
    public static void UseLateSenders(this WebApplication app)
    {
        var reason = Deadline.Passed(app.Services.GetRequiredService<IOptions<ProtocolOptions>>().Value);
        app.Use(async (context, next) =>
        {
            await next(context);
            if (!context.RequestAborted.IsCancellationRequested || context.Response.HasStarted) return;
            if (context.Features.Get<IServerCallContextFeature>()?.ServerCallContext.Status.StatusCode is not (StatusCode.Internal or StatusCode.Cancelled or StatusCode.Unknown)) return;
            context.Response.Headers["grpc-status"] = ((int)StatusCode.DeadlineExceeded).ToString(CultureInfo.InvariantCulture);
            context.Response.Headers["grpc-message"] = reason;
        });
    }
}
