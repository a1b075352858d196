using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Cli.Storage;

internal sealed record StoredBlob(string Name, long Bytes, DateTimeOffset? Modified, ETag? Etag)
{
    /// <summary>Nothing where there is no container.</summary>
    public static async Task<List<StoredBlob>> ListAsync(BlobContainerClient container, string? prefix, CancellationToken cancelled)
    {
        var blobs = new List<StoredBlob>();
        try
        {
            await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancelled))
                blobs.Add(new StoredBlob(blob.Name, blob.Properties.ContentLength ?? 0, blob.Properties.LastModified, blob.Properties.ETag));
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound) { }
        return blobs;
    }
}

internal static class StoredBlobs
{
    /// <summary>The models of which there is any blob.</summary>
    public static IReadOnlyList<ModelName> Owners(this IEnumerable<StoredBlob> blobs) =>
        [.. blobs.Select(blob => BlobPlace.Of(blob.Name).Owner).OfType<ModelName>().Distinct().Order()];
}
