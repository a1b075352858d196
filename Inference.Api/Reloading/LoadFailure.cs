using System.Net.Sockets;
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
        // What its stream throws when it was cut off and could not go on from there; of a single cut it makes a new request.
        AggregateException or HttpRequestException or HttpIOException or IOException { InnerException: SocketException } =>
            "Blob storage: the connection broke in the middle of a download.",
        OperationCanceledException => "Blob storage: no answer in time.",
        IOException or UnauthorizedAccessException => $"Disk: {failure.GetType().Name}.",
        OutOfMemoryException => "Not enough memory.",
        _ => $"{failure.GetType().Name} while loading.",
    };
}
