using ModelPlatform.ServiceDefaults;
using ModelPlatform.Sync.Detection;
using ModelPlatform.Sync.Events;
using ModelPlatform.Sync.Leading;
using ModelPlatform.Sync.Planning;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Rollouts;
using ModelPlatform.Sync.Telemetry;

namespace ModelPlatform.Sync;

/// <summary>
/// Look, plan, act, wait. Every pass sees the full picture, so nothing that is missed is missed for longer than one wait. What replicas say makes it plan
/// again with what it last saw: only the container's own changes are worth a list call.
/// </summary>
internal sealed partial class Reconciler(
    RepositoryLook look, RolloutPlanning planning, StateFeed feed, StatePublication publication, ReconcilePace pace, NextListing listing, EventArrivals events, Leadership leadership,
    Takeover takeover, RepositoryHealth health, SyncMetrics metrics, RolloutLog log, TimeProvider time, ILogger<Reconciler> logger) : BackgroundService
{
    private RepositorySnapshot? _seen;

    protected override Task ExecuteAsync(CancellationToken stopping) => leadership.InEachTermAsync(LeadAsync, stopping);

    private async Task LeadAsync(Term term)
    {
        // What another leader has done meanwhile is not in it.
        _seen = null;
        while (term.Holds)
        {
            listing.Listed(isWell: await ReconcileAsync(term, isToList: true, term.Ended));
            while (term.Holds && await pace.IsToPlanAgainAsync(term.Ended))
                if (!await ReconcileAsync(term, isToList: false, term.Ended)) listing.Spoiled();
        }
    }

    /// <returns>False: what was seen is of no use any more, or nothing was seen. The container is to be listed again.</returns>
    private async Task<bool> ReconcileAsync(Term term, bool isToList, CancellationToken stopping)
    {
        try
        {
            await takeover.EnsureAsync(term);
            var pass = new PassTime(time);
            if (isToList)
            {
                events.Begin();
                _seen = await look.LookAsync(stopping);
            }
            if (_seen is not null) await ActAsync(_seen, pass, stopping);
            if (isToList && _seen is not null) events.End();
            if (isToList && health.Succeeded()) Log.Recovered(logger);
            return _seen is not null;
        }
#pragma warning disable CA1031 // Storage may be away for hours, and then everything here fails: what is published stays published, and the next pass tries again.
        catch (Exception failure) when (!stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            metrics.Failed();
            Tell(failure);
            return false;
        }
    }

    private async Task ActAsync(RepositorySnapshot seen, PassTime pass, CancellationToken stopping)
    {
        var planned = pass.Now;
        var published = feed.Current?.Document;
        if (planning.Next(seen, published, publication.NextGeneration) is not { } moves) return;
        var next = moves.ToDictionary(move => move.Key, move => move.Value.Next);
        if (!PlanNews.IsNews(next, published, seen) && !MustPublishAgain(seen)) return;

        var rollout = ChangeTrace.RolloutOf(moves, published);
        var parent = rollout ?? ChangeTrace.ParentOf(next, seen, published);
        using var detect = ChangeTrace.StartDetect(parent, pass.Began, isStep: rollout is not null);
        ChangeTrace.AddMoves(detect, moves);
        ChangeTrace.AddPlan(planned, pass.Now);
        using var publish = ChangeTrace.StartPublish();
        foreach (var (name, move) in moves) next[name] = move.InTrace(detect?.Id ?? parent);
        if (await publication.TryPublishAsync(next, publish?.Id ?? parent, stopping))
        {
            metrics.Published(pass.Elapsed, events.Waited());
            log.Published(feed.Current!.Document, published, moves);
        }
        else
        {
            // What was seen is out of date: nothing more is made of it.
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

        [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "The repository could not be read or written; what is published stays: {Reason}")]
        public static partial void Failed(ILogger logger, Exception? failure, string reason);

        [LoggerMessage(EventId = 5, Level = LogLevel.Information, Message = "The repository is read.")]
        public static partial void Recovered(ILogger logger);
    }
}
