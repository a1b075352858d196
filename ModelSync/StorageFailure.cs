using Azure;
using Azure.Identity;

namespace ModelPlatform.Sync;

internal static class StorageFailure
{
    /// <summary>
    /// Whether it is what the clients of storage end with where storage, or the identity for it, is away. After several tries that is one exception around all of
    /// theirs; a call that hangs is cancelled by the client itself.
    /// </summary>
    /// <param name="cancelled">Of the caller: what he has cancelled did not fail.</param>
    public static bool Is(Exception failure, CancellationToken cancelled) =>
        failure is RequestFailedException or AggregateException or AuthenticationFailedException || failure is OperationCanceledException && !cancelled.IsCancellationRequested;

    /// <summary>
    /// Storage's own first line is enough: the next ones hold request ids and times, which would make each failure a new one, and its exceptions print pages.
    /// </summary>
    public static string ReasonOf(Exception failure)
    {
        var cause = failure is AggregateException { InnerException: { } first } ? first : failure;
        if (cause is OperationCanceledException) return "Storage does not answer in time.";
        var refusal = Of(cause);
        var line = (refusal ?? cause).Message.Split('\n', 2)[0].TrimEnd();
        // To a question without a body storage answers with its code alone.
        return refusal?.ErrorCode is { } code ? $"{line} ({refusal.Status} {code})" : line;
    }

    public static RequestFailedException? Of(Exception failure) => failure as RequestFailedException ?? failure.InnerException as RequestFailedException;
}
