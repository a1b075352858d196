using Microsoft.Extensions.Options;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.ServiceDefaults;
using ModelPlatform.Sync.Detection;
using ModelPlatform.Sync.Events;
using ModelPlatform.Sync.Leading;
using ModelPlatform.Sync.Planning;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Replicas;
using ModelPlatform.Sync.Rollouts;
using ModelPlatform.Sync.Telemetry;
using OpenTelemetry;

namespace ModelPlatform.Sync;

/// <summary>
/// Look, plan, act, wait. Every pass sees the full picture, so nothing that is missed is missed for longer than one wait. What replicas say makes it plan
/// again with what it last saw: only the container's own changes are worth a list call.
/// </summary>
internal sealed partial class Reconciler(
    BlobLister lister, RepositoryReader reader, StateFeed feed, StatePublication publication, KnownGood known, RolloutPlanning rollouts, Releases releases, Signal hint, RolloutTick tick,
    EventArrivals events, Leadership leadership, Takeover takeover, ReportedProblems problems, RepositoryHealth health, SyncMetrics metrics, RolloutLog log,
    IOptions<DetectionOptions> options, IOptions<RolloutOptions> pace, TimeProvider time, ILogger<Reconciler> logger) : BackgroundService
{
    private Listing? _last;
    private RepositorySnapshot? _seen;

    protected override Task ExecuteAsync(CancellationToken stopping) => leadership.InEachTermAsync(LeadAsync, stopping);

    private async Task LeadAsync(Term term)
    {
        // What another leader has done meanwhile is not in it.
        _seen = null;
        while (term.Holds)
        {
            await ReconcileAsync(term, isToList: true, term.Ended);
            await PlanAgainAsync(term, options.Value.NextWait());
        }
    }

    /// <summary>Until it is time to list again.</summary>
    private async Task PlanAgainAsync(Term term, TimeSpan wait)
    {
        var since = time.GetTimestamp();
        while (term.Holds)
        {
            var left = wait - time.GetElapsedTime(since);
            if (left <= TimeSpan.Zero) return;
            var isRolling = feed.Current?.Document.Models.Values.Any(model => model.Candidate is not null) == true;
            if (await Signal.IsFirstAsync(hint, tick.Signal, isRolling && pace.Value.LookEvery < left ? pace.Value.LookEvery : left, term.Ended)) return;
            await ReconcileAsync(term, isToList: false, term.Ended);
        }
    }

    private async Task ReconcileAsync(Term term, bool isToList, CancellationToken stopping)
    {
        try
        {
            await takeover.EnsureAsync(term);
            var began = time.GetUtcNow();
            if (isToList)
            {
                events.Begin();
                _seen = await LookAsync(stopping);
            }
            if (_seen is not null) await ActAsync(_seen, began, stopping);
            if (!isToList) return;
            events.End();
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
        if (SyncPlan.Goals(seen, releases.ApplyTo(published), known.All) is not { } goals) return;
        var moves = rollouts.Next(seen, goals, published, publication.NextGeneration);
        var next = moves.ToDictionary(move => move.Key, move => move.Value.Next);
        if (!SyncPlan.IsNews(next, published, seen) && !MustPublishAgain(seen)) return;

        var rollout = ChangeTrace.RolloutOf(moves, published);
        var parent = rollout ?? ChangeTrace.ParentOf(next, seen, published);
        using var detect = ChangeTrace.StartDetect(parent, began, isStep: rollout is not null);
        ChangeTrace.AddMoves(detect, moves);
        ChangeTrace.AddPlan(planned, time.GetUtcNow());
        using var publish = ChangeTrace.StartPublish();
        foreach (var (name, move) in moves) next[name] = move.InTrace(detect?.Id ?? parent);
        if (await publication.TryPublishAsync(next, publish?.Id ?? parent, stopping))
        {
            metrics.Published(time.GetUtcNow() - began, events.Waited());
            log.Published(feed.Current!.Document, published, moves);
        }
        else
        {
            // What was seen is out of date: nothing more is made of it until the next listing.
            _seen = null;
            Log.Overtaken(logger);
        }
    }

    private void Tell(Exception failure)
    {
        var reason = StorageFailure.ReasonOf(failure);
        if (health.Failed(reason)) Log.Failed(logger, StorageFailure.Of(failure) is null ? failure : null, reason);
    }

    /// <summary>Whether the container has not what is published, although it has models, or replicas hold a newer generation.</summary>
    private bool MustPublishAgain(RepositorySnapshot seen) => seen.Models.Count > 0 && !publication.Stands && feed.Current is not null;

    private static partial class Log
    {
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
