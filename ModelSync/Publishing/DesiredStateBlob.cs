using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Detection;

namespace ModelPlatform.Sync.Publishing;

/// <summary>The document in the container, written by compare-and-swap.</summary>
internal sealed class DesiredStateBlob(BlobContainerClient container)
{
    private readonly BlobClient _blob = container.GetBlobClient(RepositoryLayout.DesiredState);

    /// <param name="isReplaceable">Whether we know what stood there: then a document that was damaged by hand is as good as none, and its problem is told.</param>
    /// <returns>No state where there is none.</returns>
    /// <exception cref="InvalidDocumentException">It cannot be read and is not ours to replace, as when a newer release has written it.</exception>
    public async Task<(PublishedState? State, string? Problem)> ReadAsync(bool isReplaceable, CancellationToken cancelled)
    {
        byte[] json = [];
        try
        {
            var stored = (await _blob.DownloadContentAsync(cancelled)).Value;
            json = stored.Content.ToArray();
            return (new PublishedState(DesiredState.Parse(json), json, ListedBlob.PlainOf(stored.Details.ETag)), null);
        }
        catch (RequestFailedException missing) when (missing.Status == 404) { return (null, null); }
        catch (InvalidDocumentException damaged) when (isReplaceable && !DesiredState.IsNewer(json)) { return (null, damaged.Message); }
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

    /// <summary>
    /// Touches the document, its content unchanged, so that no write of a former leader holds any more: it has an older ETag in hand. Where there is no document
    /// whoever writes the first one wins.
    /// </summary>
    public async Task FenceAsync(string leader, CancellationToken cancelled)
    {
        while (true)
        {
            try
            {
                var seen = (await _blob.GetPropertiesAsync(cancellationToken: cancelled)).Value.ETag;
                await _blob.SetMetadataAsync(new Dictionary<string, string> { ["leader"] = leader }, new BlobRequestConditions { IfMatch = seen }, cancelled);
                return;
            }
            catch (RequestFailedException missing) when (missing.Status == 404) { return; }
            catch (RequestFailedException written) when (written.ErrorCode == BlobErrorCode.ConditionNotMet) { }   // a last write came in between: once more
        }
    }

    private static bool IsRace(string? code) => code == BlobErrorCode.ConditionNotMet || code == BlobErrorCode.BlobAlreadyExists;
}
