using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ModelPlatform.Repository.Json;

namespace ModelPlatform.Sync.Detection;

/// <summary>Small JSON documents of the repository, each read once for each ETag it has.</summary>
internal sealed class DocumentShelf<T>(BlobContainerClient container, int maxBytes, Func<byte[], T> parse) where T : class
{
    private const int ReadsAtOnce = 8;

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Reads those of the blobs that are new and forgets all others. False: one changed since it was listed, so the listing is out of date.</summary>
    public async Task<bool> FillAsync(IReadOnlyCollection<ListedBlob> blobs, CancellationToken cancelled)
    {
        var listed = blobs.Select(blob => blob.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _entries.Keys.Where(name => !listed.Contains(name))) _entries.TryRemove(gone, out _);

        var isCurrent = true;
        var missing = blobs.Where(blob => !(_entries.TryGetValue(blob.Name, out var entry) && entry.Etag == blob.Etag));
        var bound = new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancelled };
        await Parallel.ForEachAsync(missing, bound, async (blob, token) =>
        {
            if (await ReadAsync(blob, token) is { } reading) _entries[blob.Name] = new Entry(reading.MayPass ? "" : blob.Etag, reading);
            else Volatile.Write(ref isCurrent, false);
        });
        return isCurrent;
    }

    /// <summary>Whether some of the blobs may be read the next time although they stay as they are.</summary>
    public bool MayPass => _entries.Values.Any(entry => entry.Reading.MayPass);

    public Reading<T> this[ListedBlob blob] => _entries[blob.Name].Reading;

    private async Task<Reading<T>?> ReadAsync(ListedBlob blob, CancellationToken cancelled)
    {
        if (blob.Bytes > maxBytes) return new Reading<T>(null, $"It is larger than {maxBytes} bytes.");
        try
        {
            var pinned = new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfMatch = new ETag(blob.Etag) } };
            var content = await container.GetBlobClient(blob.Name).DownloadContentAsync(pinned, cancelled);
            return new Reading<T>(parse(content.Value.Content.ToArray()), null);
        }
        catch (InvalidDocumentException invalid) { return new Reading<T>(null, invalid.Message); }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412) { return null; }
        // Archived, or encrypted with a key of somebody else's: a matter of this blob alone.
        catch (RequestFailedException refused) when (refused.Status == 409)
        {
            return new Reading<T>(null, $"Storage does not give it out: {refused.ErrorCode}.", MayPass: true);
        }
    }

    private sealed record Entry(string Etag, Reading<T> Reading);
}

/// <summary>A document's content, or why it has none.</summary>
/// <param name="MayPass">The problem may go although the blob stays as it is.</param>
internal sealed record Reading<T>(T? Value, string? Problem, bool MayPass = false) where T : class;
