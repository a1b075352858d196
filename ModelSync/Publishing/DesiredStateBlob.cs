using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Detection;

namespace ModelPlatform.Sync.Publishing;

/// <summary>The document in the container, written by compare-and-swap.</summary>
internal sealed class DesiredStateBlob(BlobContainerClient container)
{
    private readonly BlobClient _blob = container.GetBlobClient(RepositoryLayout.DesiredState);

    /// <returns>Null where there is none.</returns>
    /// <exception cref="Repository.Json.InvalidDocumentException">It was written by a newer release, or by hand and wrongly.</exception>
    public async Task<PublishedState?> ReadAsync(CancellationToken cancelled)
    {
        try
        {
            var stored = (await _blob.DownloadContentAsync(cancelled)).Value;
            var json = stored.Content.ToArray();
            return new PublishedState(DesiredState.Parse(json), json, ListedBlob.PlainOf(stored.Details.ETag));
        }
        catch (RequestFailedException missing) when (missing.Status == 404) { return null; }
    }

    /// <param name="replaces">The ETag of what is replaced, or null for the first document.</param>
    /// <returns>Null when somebody else wrote meanwhile: that is news, not an error.</returns>
    public async Task<PublishedState?> TryWriteAsync(DesiredState document, string? replaces, CancellationToken cancelled)
    {
        var json = document.ToJson();
        var write = new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
            Conditions = replaces is null ? new BlobRequestConditions { IfNoneMatch = ETag.All } : new BlobRequestConditions { IfMatch = new ETag(replaces) },
        };
        try
        {
            var written = await _blob.UploadAsync(BinaryData.FromBytes(json), write, cancelled);
            return new PublishedState(document, json, ListedBlob.PlainOf(written.Value.ETag));
        }
        // By their codes: 412 is also the answer where somebody holds a lease on the blob, which is a failure and may last.
        catch (RequestFailedException conflict) when (IsRace(conflict.ErrorCode)) { return null; }
    }

    private static bool IsRace(string? code) => code == BlobErrorCode.ConditionNotMet || code == BlobErrorCode.BlobAlreadyExists;
}
