using Grpc.Core;
using ModelPlatform.Inference;
using ModelPlatform.Inference.Protocol;

namespace ModelPlatform.Tests.Unit.Inference.Protocol;

public sealed class FaultStatusTests
{
    [Theory]
    [InlineData(nameof(FaultKind.InvalidInput), 400, StatusCode.InvalidArgument)]
    [InlineData(nameof(FaultKind.UnknownModel), 404, StatusCode.NotFound)]
    [InlineData(nameof(FaultKind.Unauthenticated), 401, StatusCode.Unauthenticated)]
    [InlineData(nameof(FaultKind.TooLarge), 413, StatusCode.ResourceExhausted)]
    [InlineData(nameof(FaultKind.UnsupportedMedia), 415, StatusCode.InvalidArgument)]
    [InlineData(nameof(FaultKind.NoNumber), 422, StatusCode.OutOfRange)]
    [InlineData(nameof(FaultKind.OverRate), 429, StatusCode.ResourceExhausted)]
    [InlineData(nameof(FaultKind.Overloaded), 503, StatusCode.Unavailable)]
    [InlineData(nameof(FaultKind.NotReady), 503, StatusCode.Unavailable)]
    [InlineData(nameof(FaultKind.NotAllowed), 503, StatusCode.Unavailable)]
    [InlineData(nameof(FaultKind.DeadlineExceeded), 504, StatusCode.DeadlineExceeded)]
    [InlineData(nameof(FaultKind.Internal), 500, StatusCode.Internal)]
    public void A_fault_has_one_status_in_each_protocol(string kind, int http, StatusCode grpc)
    {
        var fault = Enum.Parse<FaultKind>(kind);
        Assert.Equal((http, grpc), (fault.ToHttp(), fault.ToGrpc()));
    }
}
