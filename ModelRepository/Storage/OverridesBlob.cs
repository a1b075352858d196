using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Repository.Storage;

/// <summary>The operators' document in the container, changed by compare-and-swap: no wish is lost where two operators write at once.</summary>
public static class OverridesBlob
{
    /// <returns>Without an ETag where there is no such document.</returns>
    /// <exception cref="InvalidDocumentException">It is of a newer release, or damaged.</exception>
    public static async Task<(ModelOverrides Overrides, ETag? Etag)> OverridesAsync(this BlobContainerClient container, CancellationToken cancelled)
    {
        try
        {
            var stored = (await container.GetBlobClient(RepositoryLayout.Overrides).DownloadContentAsync(cancelled)).Value;
            return (ModelOverrides.Parse(stored.Content), stored.Details.ETag);
        }
        catch (RequestFailedException missing) when (missing.Status == 404) { return (ModelOverrides.None, null); }
    }

    /// <summary>Every try that fails is one of somebody else's that succeeded, so this ends.</summary>
    /// <returns>Whether anything had to be changed.</returns>
    /// <exception cref="InvalidDocumentException">It cannot be read, and so is not overwritten.</exception>
    public static async Task<bool> ChangeOverridesAsync(this BlobContainerClient container, Func<ModelOverrides, ModelOverrides> change, CancellationToken cancelled)
    {
        while (true)
        {
            var (seen, etag) = await container.OverridesAsync(cancelled);
            var json = change(seen).ToJson();
            if (json.AsSpan().SequenceEqual(seen.ToJson())) return false;
            var write = new BlobUploadOptions
            {
                HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
                Conditions = etag is null ? new BlobRequestConditions { IfNoneMatch = ETag.All } : new BlobRequestConditions { IfMatch = etag },
            };
            try
            {
                await container.GetBlobClient(RepositoryLayout.Overrides).UploadAsync(BinaryData.FromBytes(json), write, cancelled);
                return true;
            }
            catch (RequestFailedException conflict) when (conflict.ErrorCode == BlobErrorCode.ConditionNotMet || conflict.ErrorCode == BlobErrorCode.BlobAlreadyExists) { }   // somebody else's wish: on top of that
        }
    }
}
