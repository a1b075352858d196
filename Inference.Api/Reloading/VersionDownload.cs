using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ModelPlatform.Inference.Execution;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Reloading;

/// <param name="IsFresh">Downloaded just now into a folder of its own, which nobody else knows before it is committed; else it lay in the cache.</param>
internal sealed record VersionCopy(string Folder, bool IsFresh);

/// <summary>Brings a version's files from Blob, each pinned to the ETag at which it was resolved.</summary>
internal sealed class VersionDownload(BlobContainerClient container, VersionCache cache)
{
    /// <exception cref="RequestFailedException">Blob storage did not give a file; 412 where it was changed meanwhile.</exception>
    public async Task<VersionCopy> FetchAsync(DesiredVersion version, CancellationToken cancelled)
    {
        if (cache.Has(version.Identity)) return new VersionCopy(cache.FolderOf(version.Identity), IsFresh: false);
        var folder = cache.Begin(version.Identity);
        try
        {
            foreach (var (path, file) in version.Files) await DownloadAsync(version.Path + path, file, Path.Combine(folder, path.ToString()), cancelled);
            return new VersionCopy(folder, IsFresh: true);
        }
        catch
        {
            VersionCache.Discard(folder);
            throw;
        }
    }

    private async Task DownloadAsync(string blobName, DesiredFile file, string target, CancellationToken cancelled)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var pinned = new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfMatch = new ETag(file.Etag) } };
        using var blob = (await container.GetBlobClient(blobName).DownloadStreamingAsync(pinned, cancelled)).Value;

        // Said before a byte is fetched: a wrong size is wrong content, and no disk should fill up to find that out.
        if (blob.Details.ContentLength != file.Bytes)
            throw new UnfitModelException($"'{NameOf(blobName)}' has {blob.Details.ContentLength} bytes; it is listed with {file.Bytes}.");
        await using var sink = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        await blob.Content.CopyToAsync(sink, cancelled);
    }

    private static string NameOf(string blobName) => Quoted.Of(blobName);
}
