using ModelPlatform.Repository.Naming;
using ModelPlatform.Sync.Operating;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Telemetry;
using OpenTelemetry;

namespace ModelPlatform.Sync.Detection;

/// <summary>One look at the whole repository: what it offers, what operators wish, and whether the document is still the one that was published.</summary>
internal sealed partial class RepositoryLook(
    BlobLister lister, RepositoryReader reader, StatePublication publication, ReportedProblems problems, WishNews wishes, SyncMetrics metrics, ILogger<RepositoryLook> logger)
{
    // Of the reconcile loop alone.
    private Listing? _last;

    /// <returns>Null when the container changed meanwhile.</returns>
    public async Task<RepositorySnapshot?> LookAsync(CancellationToken cancelled)
    {
        var (seen, damage) = await LookUntracedAsync(cancelled);
        // Outside of the suppressed part, where log records would be dropped too.
        if (damage is not null) Log.Damaged(logger, damage);
        if (seen is null) return null;
        foreach (var problem in problems.NewsAmong(seen.Problems)) Log.CannotBeUsed(logger, Quoted.Of(problem.Blob.Name), problem.Reason);
        if (seen.Wishes is not null) wishes.Look(seen.Wishes);
        return seen;
    }

    private async Task<(RepositorySnapshot? Seen, string? Damage)> LookUntracedAsync(CancellationToken cancelled)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        var listing = await lister.ListAsync(cancelled);
        if (!listing.ShowsSameAs(_last)) metrics.Changed();
        _last = listing;
        var damage = await publication.RefreshAsync(listing.StateEtag, cancelled);
        var tree = RepositoryTree.Of(listing.Blobs);
        metrics.ForeignNames(tree.Foreign.Count);
        return (await reader.ReadAsync(tree, listing.Overrides, cancelled), damage);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "'{Blob}' cannot be used: {Reason}")]
        public static partial void CannotBeUsed(ILogger logger, string blob, string reason);

        [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "The published document was damaged and is written again: {Problem}")]
        public static partial void Damaged(ILogger logger, string problem);
    }
}
