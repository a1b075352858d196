using Azure;

namespace ModelPlatform.Sync;

internal static class StorageFailure
{
    /// <summary>
    /// Storage's own first line is enough: the next ones hold request ids and times, which would make each failure a new one, and its exceptions print pages.
    /// </summary>
    public static string ReasonOf(Exception failure) => failure is OperationCanceledException
        ? "Storage does not answer in time."
        : (Of(failure) ?? failure).Message.Split('\n', 2)[0].TrimEnd();

    public static RequestFailedException? Of(Exception failure) => failure as RequestFailedException ?? failure.InnerException as RequestFailedException;
}
