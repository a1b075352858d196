using Azure;
using Azure.Storage.Blobs;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Cli.Storage;

/// <summary>The platform's own documents in the container.</summary>
internal static class StoredDocuments
{
    /// <summary>What ModelSync published last; null where it did not yet.</summary>
    /// <exception cref="InvalidDocumentException">It is of a newer release, or damaged.</exception>
    public static async Task<DesiredState?> DesiredStateAsync(this BlobContainerClient container, CancellationToken cancelled)
    {
        try { return DesiredState.Parse((await container.GetBlobClient(RepositoryLayout.DesiredState).DownloadContentAsync(cancelled)).Value.Content); }
        catch (RequestFailedException missing) when (missing.Status == 404) { return null; }
    }

    /// <summary>For commands that have done their work, or can do it without: what cannot be read is told and taken for absent.</summary>
    public static async Task<T?> OrToldAsync<T>(this Task<T> reading)
    {
        try { return await reading; }
        catch (InvalidDocumentException unreadable)
        {
            await Console.Error.WriteLineAsync(unreadable.Message);
            return default;
        }
    }
}
