using Azure;
using Azure.Identity;
using ModelPlatform.Sync;

namespace ModelPlatform.Tests.Unit.Sync;

public sealed class StorageFailureTests
{
    private static readonly Exception TimedOut = new TaskCanceledException("The operation was cancelled because it exceeded the configured timeout of 0:00:10.");

    public static TheoryData<Exception, string> Reasons => new()
    {
        { new RequestFailedException(503, "The server is busy.\nRequestId:1\nTime:2", "ServerBusy", null), "The server is busy. (503 ServerBusy)" },
        { new RequestFailedException(403, "Service request failed.\nStatus: 403", "AuthorizationFailure", null), "Service request failed. (403 AuthorizationFailure)" },
        { new RequestFailedException("Connection refused (127.0.0.1:1)"), "Connection refused (127.0.0.1:1)" },
        { new AggregateException("Retry failed after 2 tries.", new RequestFailedException("Connection refused (127.0.0.1:1)"), TimedOut), "Connection refused (127.0.0.1:1)" },
        { TimedOut, "Storage does not answer in time." },
        { new AggregateException("Retry failed after 2 tries.", TimedOut, TimedOut), "Storage does not answer in time." },
        { new AggregateException("Retry failed after 2 tries.", new IOException("The response ended prematurely.\nMore")), "The response ended prematurely." },
        { new AuthenticationFailedException("The identity is away.\r\nSee elsewhere.", new AggregateException("Several.")), "The identity is away." },
        { new InvalidOperationException("Something else.\nMore"), "Something else." },
    };

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Its_reason_is_one_line_that_is_the_same_each_time(Exception failure, string reason) => Assert.Equal(reason, StorageFailure.ReasonOf(failure));
}
