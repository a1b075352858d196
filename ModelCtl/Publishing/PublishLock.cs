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
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    private readonly BlobClient _blob;
    private readonly BlobLeaseClient _lease;
    private readonly CancellationTokenSource _released = new();
    private readonly Task _renewing;

    private PublishLock(BlobClient blob, BlobLeaseClient lease)
    {
        (_blob, _lease) = (blob, lease);
        _renewing = RenewAsync(_released.Token);
    }

    public static async Task<PublishLock> TakeAsync(BlobContainerClient container, ModelId id, CancellationToken cancelled)
    {
        var blob = container.GetBlobClient($".platform/publishing/{id}");
        var lease = blob.GetBlobLeaseClient();
        try { await blob.UploadAsync(BinaryData.FromBytes([]), new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } }, cancelled); }
        catch (RequestFailedException there) when (there.Status is 409 or 412) { }

        try { await lease.AcquireAsync(Duration, cancellationToken: cancelled); }
        catch (RequestFailedException taken) when (taken.Status is 404 or 409)
        {
            throw new CommandFailure(ExitCode.Refused, $"Somebody else is publishing {id}, or was stopped hard within the last {Duration.TotalSeconds} s.");
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
