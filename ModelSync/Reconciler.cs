using Microsoft.Extensions.Options;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.ServiceDefaults;
using ModelPlatform.Sync.Detection;
using ModelPlatform.Sync.Leading;
using ModelPlatform.Sync.Planning;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Replicas;
using ModelPlatform.Sync.Telemetry;
using OpenTelemetry;

namespace ModelPlatform.Sync;

/// <summary>Look, plan, act, wait. Every pass sees the full picture, so nothing that is missed is missed for longer than one wait.</summary>
internal sealed partial class Reconciler(
    BlobLister lister, RepositoryReader reader, StateFeed feed, StatePublication publication, KnownGood known, Signal hint,
    Leadership leadership, Takeover takeover, ReportedProblems problems, RepositoryHealth health, SyncMetrics metrics, IOptions<DetectionOptions> options, TimeProvider time, ILogger<Reconciler> logger) : BackgroundService
{
    private Listing? _last;

    protected override Task ExecuteAsync(CancellationToken stopping) => leadership.InEachTermAsync(LeadAsync, stopping);

    private async Task LeadAsync(Term term)
    {
        while (term.Holds)
        {
            await ReconcileAsync(term, term.Ended);
            await hint.WaitAsync(options.Value.NextWait(), term.Ended);
        }
    }

    private async Task ReconcileAsync(Term term, CancellationToken stopping)
    {
        try
        {
            await takeover.EnsureAsync(term);
            var began = time.GetUtcNow();
            if (await LookAsync(stopping) is { } seen) await ActAsync(seen, began, stopping);
            if (health.Succeeded()) Log.Recovered(logger);
        }
#pragma warning disable CA1031 // Storage may be away for hours, and then everything here fails: what is published stays published, and the next pass tries again.
        catch (Exception failure) when (!stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            metrics.Failed();
            Tell(failure);
        }
    }

    private async Task<RepositorySnapshot?> LookAsync(CancellationToken stopping)
    {
        var (seen, damage) = await LookUntracedAsync(stopping);
        // Outside of the suppressed part, where log records would be dropped too.
        if (damage is not null) Log.Damaged(logger, damage);
        if (seen is null) return null;
        foreach (var problem in problems.NewsAmong(seen.Problems)) Log.CannotBeUsed(logger, Quoted.Of(problem.Blob.Name), problem.Reason);
        return seen;
    }

    private async Task<(RepositorySnapshot? Seen, string? Problem)> LookUntracedAsync(CancellationToken stopping)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        var listing = await lister.ListAsync(stopping);
        if (!listing.ShowsSameAs(_last)) metrics.Changed();
        _last = listing;
        var problem = await publication.RefreshAsync(listing.StateEtag, stopping);
        var tree = RepositoryTree.Of(listing.Blobs);
        metrics.ForeignNames(tree.Foreign.Count);
        return (await reader.ReadAsync(tree, listing.Overrides, stopping), problem);
    }

    private async Task ActAsync(RepositorySnapshot seen, DateTimeOffset began, CancellationToken stopping)
    {
        var planned = time.GetUtcNow();
        var published = feed.Current?.Document;
        var next = SyncPlan.Next(seen, published, known.All) ?? Again(seen);
        if (next is null) return;

        var parent = ChangeTrace.ParentOf(next, seen, published);
        using var detect = ChangeTrace.StartDetect(parent, began);
        ChangeTrace.AddPlan(planned, time.GetUtcNow());
        using var publish = ChangeTrace.StartPublish();
        if (await publication.TryPublishAsync(next, publish?.Id ?? parent, stopping))
        {
            metrics.Published(time.GetUtcNow() - began);
            var versions = next.SelectMany(model => model.Value.Versions.Select(version => new ModelId(model.Key, version.Version)));
            Log.Published(logger, feed.Current!.Document.Generation, versions);
        }
        else Log.Overtaken(logger);
    }

    private void Tell(Exception failure)
    {
        var reason = StorageFailure.ReasonOf(failure);
        if (health.Failed(reason)) Log.Failed(logger, StorageFailure.Of(failure) is null ? failure : null, reason);
    }

    /// <summary>What is published already, where the container has it no more although it has models, or replicas hold a newer generation.</summary>
    private IReadOnlyDictionary<ModelName, DesiredModel>? Again(RepositorySnapshot seen) =>
        seen.Models.Count > 0 && !publication.Stands ? feed.Current?.Document.Models : null;

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Published generation {Generation}: {Versions}.")]
        public static partial void Published(ILogger logger, long generation, IEnumerable<ModelId> versions);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Somebody else published first; the next pass plans on their document.")]
        public static partial void Overtaken(ILogger logger);

        [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "'{Blob}' cannot be used: {Reason}")]
        public static partial void CannotBeUsed(ILogger logger, string blob, string reason);

        [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "The repository could not be read or written; what is published stays: {Reason}")]
        public static partial void Failed(ILogger logger, Exception? failure, string reason);

        [LoggerMessage(EventId = 5, Level = LogLevel.Information, Message = "The repository is read.")]
        public static partial void Recovered(ILogger logger);

        [LoggerMessage(EventId = 6, Level = LogLevel.Warning, Message = "The published document was damaged and is written again: {Problem}")]
        public static partial void Damaged(ILogger logger, string problem);
    }
}
