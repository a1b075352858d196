using Azure;

namespace ModelPlatform.Inference.Reloading;

/// <summary>Why a version could not be had this time, in words for operators: no paths, no addresses.</summary>
internal static class LoadFailure
{
    public static string ReasonOf(Exception failure) => failure switch
    {
        RequestFailedException { Status: 404 } => "Blob storage: a file of the version is missing (404).",
        RequestFailedException { Status: 412 } => "Blob storage: a file of the version was changed since it was resolved (412).",
        RequestFailedException request => $"Blob storage: {request.ErrorCode ?? "no answer"} ({request.Status}).",
        // What the storage client throws when all of its own tries failed.
        AggregateException { InnerException: RequestFailedException } => "Blob storage: no answer after several tries.",
        OperationCanceledException => "Blob storage: no answer in time.",
        IOException or UnauthorizedAccessException => $"Disk: {failure.GetType().Name}.",
        OutOfMemoryException => "Not enough memory.",
        _ => $"{failure.GetType().Name} while loading.",
    };
}
