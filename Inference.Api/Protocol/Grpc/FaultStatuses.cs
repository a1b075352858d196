using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Telemetry;

namespace ModelPlatform.Inference.Protocol.Grpc;

/// <summary>Tells what went wrong as a status with its reason, wherever in a call it went wrong.</summary>
internal sealed partial class FaultStatuses(IOptions<ProtocolOptions> limits, InferenceMetrics metrics, ILogger<FaultStatuses> logger) : Interceptor
{
    // What retrying clients obey (grpc/proposal A6): a moment's wait, or never.
    public const string Pushback = "grpc-retry-pushback-ms";

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try { return await continuation(request, context); }
#pragma warning disable CA1031 // Whatever it was: the caller gets its status, and the server lives on.
        catch (Exception failure) { throw Told(failure, context); }
#pragma warning restore CA1031
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try { await continuation(request, responseStream, context); }
#pragma warning disable CA1031 // The same.
        catch (Exception failure) { throw Told(failure, context); }
#pragma warning restore CA1031
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try { await continuation(requestStream, responseStream, context); }
#pragma warning disable CA1031 // The same.
        catch (Exception failure) { throw Told(failure, context); }
#pragma warning restore CA1031
    }

    /// <summary>Counts the refusal and gives its reason in words, for an answer inside a stream.</summary>
    public string Refuse(Exception failure)
    {
        metrics.Refused(KindOf(failure));
        return ReasonOf(failure);
    }

    private RpcException Told(Exception failure, ServerCallContext context)
    {
        if (failure is RpcException told) return told;
        // Of those who can end a call only the server's deadline leaves somebody to hear of it; whatever else fails then is a consequence.
        var isEnded = failure is not InferenceFault && context.CancellationToken.IsCancellationRequested;
        if (isEnded) failure = new OperationCanceledException();
        var kind = KindOf(failure);
        if (!isEnded || Deadline.IsLate(context.GetHttpContext())) metrics.Refused(kind);
        var trailers = new Metadata();
        if (kind.ToGrpc() == StatusCode.Unavailable) trailers.Add(Pushback, kind.IsTransient() ? "1000" : "-1");
        return new RpcException(new Status(kind.ToGrpc(), ReasonOf(failure)), trailers);
    }

    private static FaultKind KindOf(Exception failure) => failure switch
    {
        InferenceFault fault => fault.Kind,
        OperationCanceledException => FaultKind.DeadlineExceeded,
        _ => FaultKind.Internal,
    };

    private string ReasonOf(Exception failure)
    {
        if (failure is InferenceFault { Kind: not FaultKind.Internal } fault) return fault.Message;
        if (failure is OperationCanceledException) return Deadline.Passed(limits.Value);
        Log.Failed(logger, failure);
        return failure is InferenceFault ? failure.Message : "The request failed inside the server.";
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "A call failed inside the server.")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
