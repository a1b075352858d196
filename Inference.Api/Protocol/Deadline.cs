using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Protocol.Grpc;
using ModelPlatform.Inference.Protocol.Rest;

namespace ModelPlatform.Inference.Protocol;

/// <summary>The longest that a request may take, its way in and its wait for a place included.</summary>
internal static class Deadline
{
    public static void AddDeadline(this IServiceCollection services)
    {
        services.AddRequestTimeouts();
        services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<ProtocolOptions>>((timeouts, limits) => timeouts.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = limits.Value.Deadline,
            TimeoutStatusCode = FaultKind.DeadlineExceeded.ToHttp(),
            WriteTimeoutResponse = context => FaultAnswers.RefuseAsync(context, FaultKind.DeadlineExceeded, Passed(limits.Value), CancellationToken.None),
        });
    }

    public static string Passed(ProtocolOptions limits) => $"The request was not done within {limits.Deadline.TotalSeconds:0.###} s.";

    /// <summary>
    /// From here on a request ends with its deadline. A read of the body is ended through its reader: one that is ended by a token leaves Kestrel
    /// unable to drain what still comes in, and each such request would be an error in the log.
    /// </summary>
    public static void UseDeadline(this WebApplication app)
    {
        var limits = app.Services.GetRequiredService<IOptions<ProtocolOptions>>().Value;
        app.UseRequestTimeouts();
        app.Use(async (context, next) =>
        {
            using var ending = context.RequestAborted.UnsafeRegister(static body => EndRead((PipeReader)body!), context.Request.BodyReader);
            await next(context);
            if (IsLate(context)) await EarlyRefusal.RefuseLateAsync(context, Passed(limits));
        });
    }

    /// <summary>Whether the server's own deadline has passed, whoever else has ended the request.</summary>
    public static bool IsLate(HttpContext context) => context.Features.Get<IHttpRequestTimeoutFeature>() is { RequestTimeoutToken.IsCancellationRequested: true };

    private static void EndRead(PipeReader body)
    {
        try { body.CancelPendingRead(); }
        // It was not the deadline: over HTTP/2 the sender has taken the request back, which ends a read by itself.
        catch (IOException) { }
    }
}
