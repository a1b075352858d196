using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ModelPlatform.Cli.Storage;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Cli.Overriding;

/// <summary>The operators' document, changed by compare-and-swap: no wish is lost where two operators write at once.</summary>
internal static class OverridesBlob
{
    private const int Tries = 20;

    /// <returns>Whether anything had to be changed.</returns>
    /// <exception cref="Repository.Json.InvalidDocumentException">It cannot be read, and so is not overwritten.</exception>
    public static async Task<bool> ChangeAsync(BlobContainerClient container, Func<ModelOverrides, ModelOverrides> change, CancellationToken cancelled)
    {
        for (var tries = 0; tries < Tries; tries++)
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
        throw new CommandFailure(ExitCode.Failed, $"{RepositoryLayout.Overrides} is being changed by others all the time. Try again.");
    }
}
