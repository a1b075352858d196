using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Options;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Sync.Telemetry;

namespace ModelPlatform.Sync.Detection;

/// <summary>Lists the whole container: the one place of ModelSync that does, since each call costs.</summary>
internal sealed class BlobLister(BlobContainerClient container, IOptions<DetectionOptions> options, SyncMetrics metrics)
{
    // Accounts with a hierarchical namespace list folders as empty blobs.
    private const string FolderMark = "hdi_isfolder";

    public async Task<Listing> ListAsync(CancellationToken cancelled)
    {
        try
        {
            return await ListPagesAsync(cancelled);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound && options.Value.CreateContainer)
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancelled);
            return new Listing([], null);
        }
    }

    private async Task<Listing> ListPagesAsync(CancellationToken cancelled)
    {
        var blobs = new List<ListedBlob>();
        string? stateEtag = null;
        ListedBlob? overrides = null;
        await foreach (var page in container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, null, cancelled).AsPages(pageSizeHint: options.Value.PageSize))
        {
            metrics.Listed(ListPurpose.Repository);
            foreach (var blob in page.Values)
            {
                if (blob.Metadata.ContainsKey(FolderMark)) continue;
                var listed = ToListed(blob);
                if (listed.Name == RepositoryLayout.DesiredState) stateEtag = listed.Etag;
                if (listed.Name == RepositoryLayout.Overrides) overrides = listed;
                if (!listed.Name.StartsWith(RepositoryLayout.PlatformFolder, StringComparison.Ordinal)) blobs.Add(listed);
            }
        }
        return new Listing(blobs, stateEtag, overrides);
    }

    private static ListedBlob ToListed(BlobItem blob) => new(
        blob.Name,
        ListedBlob.PlainOf(blob.Properties.ETag ?? default),
        blob.Properties.ContentLength ?? 0,
        blob.Metadata.TryGetValue(RepositoryLayout.TraceParentMetadata, out var traceparent) ? traceparent : null,
        blob.Properties.LastModified ?? default);
}
