using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Execution.Vetting;
using ModelPlatform.Inference.Telemetry;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Reloading;

/// <summary>A version on this machine's disk that may be loaded.</summary>
internal sealed record PreparedVersion(ModelId Id, Identity Identity, VerifiedVersion Verified, OnnxSummary Summary, string Folder)
{
    public string ModelFile => PathOf(Verified.ModelFile);

    public string PathOf(FilePath file) => Path.Combine(Folder, file.ToString());
}

/// <summary>Takes a version through the stages that need no memory worth mentioning: download, verify, vet.</summary>
internal sealed class VersionPreparation(VersionDownload download, VersionCache cache, IOptions<ExecutionOptions> execution)
{
    /// <exception cref="UnfitModelException">The content is wrong: final for this identity.</exception>
    public async Task<PreparedVersion> PrepareAsync(ModelId id, DesiredVersion version, CancellationToken cancelled)
    {
        var copy = await InferenceTelemetry.StagedAsync("download", async stage =>
        {
            RequireSize(version);
            var fetched = await download.FetchAsync(version, cancelled);
            stage?.SetTag("modelplatform.download.bytes", fetched.IsFresh ? version.Bytes : 0);
            return fetched;
        });
        try { return await YieldingThread.RunAsync(() => Examine(id, version, copy, cancelled), cancelled); }
        finally
        {
            // Gone already if it was committed.
            if (copy.IsFresh) VersionCache.Discard(copy.Folder);
        }
    }

    // By what the document says, before a byte of it is fetched.
    private void RequireSize(DesiredVersion version)
    {
        if (version.Bytes > execution.Value.MaxModelBytes)
            throw new UnfitModelException($"The version has {version.Bytes} bytes; the limit is {execution.Value.MaxModelBytes}.");
    }

    private PreparedVersion Examine(ModelId id, DesiredVersion version, VersionCopy copy, CancellationToken cancelled)
    {
        var verified = InferenceTelemetry.Staged("verify", () => Verify(copy, version));
        if (copy.IsFresh) cache.Commit(copy.Folder, version.Identity);
        var folder = cache.FolderOf(version.Identity);
        cancelled.ThrowIfCancellationRequested();

        var summary = InferenceTelemetry.Staged("vet", () => OnnxFile.Vet(Path.Combine(folder, verified.ModelFile.ToString()), verified.Files));
        cancelled.ThrowIfCancellationRequested();
        return new PreparedVersion(id, version.Identity, verified, summary, folder);
    }

    // A bad download is seen by nobody else: replicas on one machine share the cache.
    private static VerifiedVersion Verify(VersionCopy copy, DesiredVersion version)
    {
        try { return VersionFiles.Verify(copy.Folder, version); }
        catch (UnfitModelException problem) when (!copy.IsFresh)
        {
            // Only this machine's copy is known to be bad; the next try fetches what was published.
            VersionCache.Discard(copy.Folder);
            throw new IOException($"The cached copy is damaged: {problem.Message}");
        }
    }
}
