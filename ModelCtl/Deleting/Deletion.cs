using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ModelPlatform.Cli.Publishing;
using ModelPlatform.Cli.Storage;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Cli.Deleting;

/// <summary>A plan being carried out. Interrupted at any moment, it has uncommitted a version before it took anything else of it, and can be repeated.</summary>
internal sealed class Deletion(BlobContainerClient container, DeletePlan plan)
{
    private const int BlobsAtOnce = 8;

    public async Task RunAsync(CancellationToken cancelled)
    {
        var locks = new List<PublishLock>();
        try
        {
            foreach (var id in plan.Incomplete) locks.Add(await PublishLock.TakeAsync(container, id, cancelled));
            foreach (var blob in plan.Commits) await DeleteAsync(blob, cancelled);
            var bound = new ParallelOptions { MaxDegreeOfParallelism = BlobsAtOnce, CancellationToken = cancelled };
            await Parallel.ForEachAsync(plan.Others, bound, async (blob, stopped) => await DeleteAsync(blob, stopped));
        }
        finally
        {
            foreach (var held in locks) await held.DisposeAsync();
        }
    }

    // As it was listed and only so: what somebody has written since is not what was to be deleted.
    private async Task DeleteAsync(StoredBlob blob, CancellationToken cancelled)
    {
        try
        {
            await container.GetBlobClient(blob.Name).DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, new BlobRequestConditions { IfMatch = blob.Etag }, cancelled);
            await Console.Error.WriteLineAsync($"deleted {Quoted.Of(blob.Name, 200)} ({ByteSize.Of(blob.Bytes)})");
        }
        catch (RequestFailedException gone) when (gone.ErrorCode == BlobErrorCode.BlobNotFound) { }   // by somebody else, or by a request whose answer was lost
        catch (RequestFailedException changed) when (changed.ErrorCode == BlobErrorCode.ConditionNotMet)
        {
            throw new CommandFailure(ExitCode.Failed, $"{Quoted.Of(blob.Name, 200)} was written again meanwhile and is left. Look, and say it again if it is to go too.");
        }
    }
}
