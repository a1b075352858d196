using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Options;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Sync.Telemetry;

namespace ModelPlatform.Sync.Telling;

/// <summary>
/// The history in the container: append blobs, one after the other. Each write says at which position it expects to land, so that of two writers each sees
/// what the other one wrote, and a write whose answer was lost is not repeated.
/// </summary>
internal sealed class HistoryBlob(BlobContainerClient container, IOptions<HistoryOptions> options, SyncMetrics metrics)
{
    private const int TailBytes = 1 << 20;

    // Of the file that is written to; no number before the first look.
    private int _number;
    private long _length;
    private int _blocks;

    private bool IsFull => _blocks >= options.Value.MaxBlocks;

    public async Task<HistoryNews> NewsAsync(CancellationToken cancelled)
    {
        if (_number == 0) return await TailAsync(cancelled);
        if (await LengthAsync(_number, cancelled) is not { } seen) return _length == 0 ? HistoryNews.None : await TailAsync(cancelled);
        // Somebody has put another file into its place, or has written more than is kept in memory.
        if (seen.Length < _length || seen.Length - _length > TailBytes) return await TailAsync(cancelled);

        var from = _length;
        (_length, _blocks) = seen;
        if (_length > from) return new HistoryNews(await ReadAsync(_number, from, _length - from, cancelled), IsAll: false);
        if (!IsFull || await LengthAsync(_number + 1, cancelled) is null) return HistoryNews.None;
        (_number, _length, _blocks) = (_number + 1, 0, 0);
        return await NewsAsync(cancelled);
    }

    /// <returns>False: others have written meanwhile, or it cannot be told; look for news first.</returns>
    public async Task<bool> TryAppendAsync(byte[] lines, CancellationToken cancelled)
    {
        if (IsFull) (_number, _length, _blocks) = (_number + 1, 0, 0);
        var blob = container.GetAppendBlobClient(RepositoryLayout.HistoryFile(_number));
        if (_length == 0) await blob.CreateIfNotExistsAsync(new AppendBlobCreateOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "application/jsonl" } }, cancelled);
        var here = new AppendBlobAppendBlockOptions { Conditions = new AppendBlobRequestConditions { IfAppendPositionEqual = _length } };
        try
        {
            var appended = await blob.AppendBlockAsync(new MemoryStream(lines), here, cancelled);
            (_length, _blocks) = (_length + lines.Length, appended.Value.BlobCommittedBlockCount);
            return true;
        }
        catch (RequestFailedException moved) when (moved.ErrorCode == BlobErrorCode.AppendPositionConditionNotMet) { return false; }
    }

    /// <summary>The end of the newest file, and of the one before it where that is a new one.</summary>
    private async Task<HistoryNews> TailAsync(CancellationToken cancelled)
    {
        var numbers = await NumbersAsync(cancelled);
        byte[] lines = [];
        (_number, _length, _blocks) = (numbers.LastOrDefault(1), 0, 0);
        foreach (var number in numbers.TakeLast(2).Reverse())
        {
            if (lines.Length >= TailBytes || await LengthAsync(number, cancelled) is not { } seen) break;
            if (number == _number) (_length, _blocks) = seen;
            var length = Math.Min(seen.Length, TailBytes);
            var end = await ReadAsync(number, seen.Length - length, length, cancelled);
            lines = [.. length < seen.Length ? end.AsSpan(end.IndexOf((byte)'\n') + 1) : end, .. lines];
        }
        return new HistoryNews(lines, IsAll: true);
    }

    private async Task<List<int>> NumbersAsync(CancellationToken cancelled)
    {
        var names = new List<string>();
        try
        {
            await foreach (var page in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, RepositoryLayout.History, cancelled).AsPages())
            {
                metrics.Listed(ListPurpose.History);
                names.AddRange(page.Values.Select(blob => blob.Name));
            }
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound) { }
        return [.. names.Select(RepositoryLayout.HistoryNumber).OfType<int>().Order()];
    }

    private async Task<(long Length, int Blocks)?> LengthAsync(int number, CancellationToken cancelled)
    {
        try
        {
            var properties = (await container.GetBlobClient(RepositoryLayout.HistoryFile(number)).GetPropertiesAsync(cancellationToken: cancelled)).Value;
            return (properties.ContentLength, properties.BlobCommittedBlockCount);
        }
        catch (RequestFailedException missing) when (missing.Status == 404) { return null; }
    }

    private async Task<byte[]> ReadAsync(int number, long from, long length, CancellationToken cancelled)
    {
        // A range of no bytes is an error.
        if (length == 0) return [];
        var range = new BlobDownloadOptions { Range = new HttpRange(from, length) };
        return (await container.GetBlobClient(RepositoryLayout.HistoryFile(number)).DownloadContentAsync(range, cancelled)).Value.Content.ToArray();
    }
}
