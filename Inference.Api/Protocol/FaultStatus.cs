using Grpc.Core;

namespace ModelPlatform.Inference.Protocol;

/// <summary>The one table from a fault to what a protocol says of it.</summary>
internal static class FaultStatus
{
    public static int ToHttp(this FaultKind kind) => kind switch
    {
        FaultKind.InvalidInput => StatusCodes.Status400BadRequest,
        FaultKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        FaultKind.UnknownModel => StatusCodes.Status404NotFound,
        FaultKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        FaultKind.UnsupportedMedia => StatusCodes.Status415UnsupportedMediaType,
        FaultKind.NoNumber => StatusCodes.Status422UnprocessableEntity,
        FaultKind.OverRate => StatusCodes.Status429TooManyRequests,
        FaultKind.Overloaded or FaultKind.NotReady or FaultKind.NotAllowed => StatusCodes.Status503ServiceUnavailable,
        FaultKind.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };

    public static StatusCode ToGrpc(this FaultKind kind) => kind switch
    {
        FaultKind.InvalidInput or FaultKind.UnsupportedMedia => StatusCode.InvalidArgument,
        FaultKind.Unauthenticated => StatusCode.Unauthenticated,
        FaultKind.UnknownModel => StatusCode.NotFound,
        FaultKind.TooLarge or FaultKind.OverRate => StatusCode.ResourceExhausted,
        FaultKind.NoNumber => StatusCode.OutOfRange,
        FaultKind.Overloaded or FaultKind.NotReady or FaultKind.NotAllowed => StatusCode.Unavailable,
        FaultKind.DeadlineExceeded => StatusCode.DeadlineExceeded,
        _ => StatusCode.Internal,
    };

    /// <summary>Whether the same request may succeed a moment later.</summary>
    public static bool IsTransient(this FaultKind kind) => kind is FaultKind.Overloaded or FaultKind.NotReady;
}
