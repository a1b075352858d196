using System.Net.Sockets;
using Azure;
using ModelPlatform.Inference.Reloading;

namespace ModelPlatform.Tests.Unit.Inference.Reloading;

public sealed class LoadFailureTests
{
    public static TheoryData<Exception, string> Failures => new()
    {
        { new RequestFailedException(404, "x"), "Blob storage: a file of the version is missing (404)." },
        { new RequestFailedException(412, "x"), "Blob storage: a file of the version was changed since it was resolved (412)." },
        { new RequestFailedException(500, "x", "InternalError", null), "Blob storage: InternalError (500)." },
        { new AggregateException(new RequestFailedException("x")), "Blob storage: no answer after several tries." },
        { new AggregateException(new IOException("x")), "Blob storage: the connection broke in the middle of a download." },
        { new HttpIOException(HttpRequestError.ResponseEnded, "x"), "Blob storage: the connection broke in the middle of a download." },
        { new IOException("x", new SocketException()), "Blob storage: the connection broke in the middle of a download." },
        { new TaskCanceledException("x"), "Blob storage: no answer in time." },
        { new IOException("No space left on device : '/cache'"), "Disk: IOException." },
        { new UnauthorizedAccessException("Access to '/cache' is denied."), "Disk: UnauthorizedAccessException." },
        { new InsufficientMemoryException("x"), "Not enough memory." },
        { new InvalidOperationException("x"), "InvalidOperationException while loading." },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void The_reason_says_what_failed_and_gives_nothing_away(Exception failure, string reason) => Assert.Equal(reason, LoadFailure.ReasonOf(failure));
}
