using System.Diagnostics;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Cli.Publishing;

/// <summary>
/// A lease that keeps a second publisher away from a version that is not committed yet: the files of both would mix, and left-overs of an interrupted
/// publish look like those of one that goes on. It ends by itself soon after its holder is gone.
/// </summary>
internal sealed class PublishLock : IAsyncDisposable
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);   // Azure's least

    private readonly BlobClient _blob;
    private readonly BlobLeaseClient _lease;
    private readonly CancellationTokenSource _released = new();
    private readonly Task _renewing;

    private PublishLock(BlobClient blob, BlobLeaseClient lease)
    {
        (_blob, _lease) = (blob, lease);
        _renewing = RenewAsync(_released.Token);
    }

    /// <summary>Waits for another holder, no longer than one that is gone would count as one.</summary>
    public static async Task<PublishLock> TakeAsync(BlobContainerClient container, ModelId id, CancellationToken cancelled)
    {
        var blob = container.GetBlobClient($".platform/publishing/{id}");
        var lease = blob.GetBlobLeaseClient();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        var started = Stopwatch.GetTimestamp();
        for (var tries = 0; !await TryTakeAsync(blob, lease, cancelled); tries++)
        {
            if (tries == 0) await Console.Error.WriteLineAsync($"waiting for somebody else who publishes {id}");
            if (Stopwatch.GetElapsedTime(started) > Duration + timer.Period) throw new CommandFailure(ExitCode.Refused, $"Somebody else is publishing {id}.");
            await timer.WaitForNextTickAsync(cancelled);
        }
        return new PublishLock(blob, lease);
    }

    /// <summary>False where the lease ran out, such as while this machine slept, and somebody else took it.</summary>
    public async Task<bool> IsHeldAsync(CancellationToken cancelled)
    {
        try { await _lease.RenewAsync(cancellationToken: cancelled); }
        catch (RequestFailedException lost) when (lost.Status is 404 or 409 or 412) { return false; }
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _released.CancelAsync();
        await _renewing;
        _released.Dispose();
        try { await _blob.DeleteAsync(conditions: new BlobRequestConditions { LeaseId = _lease.LeaseId }); }
        catch (Exception away) when (away is RequestFailedException or AggregateException) { }   // It runs out.
    }

    private static async Task<bool> TryTakeAsync(BlobClient blob, BlobLeaseClient lease, CancellationToken cancelled)
    {
        try { await blob.UploadAsync(BinaryData.FromBytes([]), new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } }, cancelled); }
        catch (RequestFailedException there) when (there.Status is 409 or 412) { }

        try { await lease.AcquireAsync(Duration, cancellationToken: cancelled); }
        catch (RequestFailedException taken) when (taken.Status is 404 or 409) { return false; }   // 404: its holder deleted it just now
        return true;
    }

    private async Task RenewAsync(CancellationToken released)
    {
        using var timer = new PeriodicTimer(Duration / 3);
        try
        {
            while (await timer.WaitForNextTickAsync(released)) await IsHeldAsync(released);
        }
        catch (OperationCanceledException) when (released.IsCancellationRequested) { }
        catch (Exception away) when (away is RequestFailedException or AggregateException) { }   // The look before the commit will tell.
    }
}
