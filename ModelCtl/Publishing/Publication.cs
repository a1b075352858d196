using System.Diagnostics;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ModelPlatform.Cli.Storage;
using ModelPlatform.Repository.Manifests;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Cli.Publishing;

/// <summary>One folder becoming one version: look, hash, upload the files, commit.</summary>
internal sealed class Publication(ModelFolder folder, PublishPlan plan, BlobContainerClient container, PublishWish wish)
{
    private const int FilesAtOnce = 4;

    public async Task<PublishOutcome> RunAsync(CancellationToken cancelled)
    {
        // Recorded, although nobody exports it: else whoever follows it would not record either.
        using var trace = new Activity("publish") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.SetIdFormat(ActivityIdFormat.W3C).Start();

        var id = new ModelId(wish.Model, wish.Version ?? (await StoredModel.ReadAsync(container, wish.Model, cancelled)).NextVersion());
        var files = await HashAsync(cancelled);
        var outcome = new PublishOutcome("published", id, plan.Manifest(files));
        if (wish.DryRun) return await FindCommittedAsync(outcome, cancelled) ?? outcome with { What = "would publish" };

        await using var mine = await PublishLock.TakeAsync(container, id, cancelled);
        if (await FindCommittedAsync(outcome, cancelled) is { } there) return there;
        var seen = await StoredModel.ReadAsync(container, wish.Model, cancelled);
        await UploadProgress.ShowAsync(plan, progress => UploadAsync(id, files, seen, progress, cancelled));
        if (!await mine.IsHeldAsync(cancelled)) throw Disturbed(id);
        await CommitAsync(outcome, trace.Id!);
        return outcome;
    }

    private async Task<HashedFile[]> HashAsync(CancellationToken cancelled)
    {
        var hashed = new HashedFile[plan.Files.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = FilesAtOnce, CancellationToken = cancelled };
        await Parallel.ForAsync(0, hashed.Length, options, async (i, stopped) => hashed[i] = await folder.HashAsync(plan.Files[i], stopped));
        return hashed;
    }

    private async Task UploadAsync(ModelId id, IEnumerable<HashedFile> files, StoredModel seen, UploadProgress progress, CancellationToken cancelled)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = FilesAtOnce, CancellationToken = cancelled };
        await Parallel.ForEachAsync(files, options, async (file, stopped) =>
        {
            var blob = container.GetBlobClient(RepositoryLayout.BlobOf(id, file.File.Path));
            var sent = new Callback(bytes => progress.Sent(file.File, bytes));
            try { await UploadAsync(file.File, blob, new BlobUploadOptions { Conditions = seen.AsSeen(blob.Name), ProgressHandler = sent }, stopped); }
            catch (RequestFailedException conflict) when (IsConflict(conflict))
            {
                if (await blob.ExistsAsync(stopped)) throw Disturbed(id);
                // The emulator takes the blocks that an interrupted upload left for a blob.
                await UploadAsync(file.File, blob, new BlobUploadOptions { ProgressHandler = sent }, stopped);
            }
            folder.RequireUnchanged(file);
            progress.Done(file.File);
        });
    }

    private async Task UploadAsync(PlannedFile file, BlobClient blob, BlobUploadOptions options, CancellationToken cancelled)
    {
        await using var content = folder.OpenRead(file);
        await blob.UploadAsync(content, options, cancelled);
    }

    // Takes no token: whoever interrupts now would not know whether the version is there.
    private async Task CommitAsync(PublishOutcome outcome, string traceparent)
    {
        var blob = ManifestOf(outcome.Id);
        var commit = new BlobUploadOptions
        {
            Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
            Metadata = new Dictionary<string, string> { [RepositoryLayout.TraceParentMetadata] = traceparent },
        };
        try { await blob.UploadAsync(BinaryData.FromBytes(outcome.Manifest), commit, CancellationToken.None); }
        catch (RequestFailedException conflict) when (IsConflict(conflict))
        {
            // Ours, where an answer was lost and the SDK asked again.
            var winner = await blob.DownloadContentAsync(CancellationToken.None);
            if (winner.Value.Details.Metadata.TryGetValue(RepositoryLayout.TraceParentMetadata, out var its) && its == traceparent) return;
            throw Disturbed(outcome.Id);
        }
    }

    /// <summary>Null where nothing is committed; refuses other content than ours, and ours too unless that was allowed for.</summary>
    private async Task<PublishOutcome?> FindCommittedAsync(PublishOutcome wanted, CancellationToken cancelled)
    {
        var blob = ManifestOf(wanted.Id);
        try
        {
            var size = (await blob.GetPropertiesAsync(cancellationToken: cancelled)).Value.ContentLength;
            var manifest = size <= ModelManifest.MaxBytes ? (await blob.DownloadContentAsync(cancelled)).Value.Content.ToArray() : [];
            var same = PublishPlan.SameContent(wanted.Manifest, manifest);
            return same && wish.IfAbsent
                ? wanted with { What = "already there:", Manifest = manifest }
                : throw new CommandFailure(ExitCode.Refused, $"{wanted.Id} is committed already, with {(same ? "the same" : "other")} content; a committed version is never changed. Publish another version.");
        }
        catch (RequestFailedException absent) when (absent.Status == 404) { return null; }
    }

    private BlobClient ManifestOf(ModelId id) => container.GetBlobClient(RepositoryLayout.BlobOf(id, RepositoryLayout.Manifest));

    private static bool IsConflict(RequestFailedException failure) => failure.Status is 409 or 412;

    private static CommandFailure Disturbed(ModelId id) => new(ExitCode.Refused, $"Somebody else is publishing {id}, or just did. Nothing of this folder was committed.");

    // Progress<T> would report on another thread, and after the end.
    private sealed class Callback(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
