using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Telemetry;
using ModelPlatform.Sync.Telling;

namespace ModelPlatform.Sync.Rollouts;

/// <summary>Tells what a published document means.</summary>
internal sealed partial class RolloutLog(Announcements announcements, SyncMetrics metrics, TimeProvider time, ILogger<RolloutLog> logger)
{
    // Of those that began in this process: another one's clock says nothing here.
    private readonly Dictionary<ModelName, long> _began = [];

    public void Forget() => _began.Clear();

    public void Published(DesiredState document, DesiredState? before, IReadOnlyDictionary<ModelName, RolloutMove> moves)
    {
        var versions = document.Models.SelectMany(model => model.Value.Versions, (model, version) => new ModelId(model.Key, version.Version));
        Log.Published(logger, document.Generation, versions);
        foreach (var entry in RolloutNews.Of(document, before, moves, time.GetUtcNow())) announcements.Announce(entry);
        foreach (var (name, move) in moves)
        {
            if (RolloutNews.Displaced(before?.Models.GetValueOrDefault(name), move) is { } displaced) Tell(HistoryKind.Abandoned, new ModelId(name, displaced.Version), move);
            if (move is { Kind: { } kind, Version: { } version }) Tell(kind, new ModelId(name, version.Version), move);
        }
    }

    private void Tell(HistoryKind kind, ModelId id, RolloutMove move)
    {
        metrics.Moved(kind);
        if (kind == HistoryKind.Started) _began[id.Name] = time.GetTimestamp();
        else if (kind != HistoryKind.Stepped && _began.Remove(id.Name, out var began)) metrics.Ended(kind, time.GetElapsedTime(began));
        switch (kind)
        {
            case HistoryKind.Started: Log.Started(logger, id, move.Replicas!); break;
            case HistoryKind.Stepped: Log.Stepped(logger, id, move.Replicas!.Count); break;
            case HistoryKind.Live: Log.Live(logger, id); break;
            case HistoryKind.RolledBack: Log.RolledBack(logger, id, Quoted.Of(move.Reason, Replicas.Replica.MaxReason)); break;
            case HistoryKind.Abandoned: Log.Abandoned(logger, id); break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Published generation {Generation}: {Versions}.")]
        public static partial void Published(ILogger logger, long generation, IEnumerable<ModelId> versions);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "The rollout of {Model} begins on {Replicas}.")]
        public static partial void Started(ILogger logger, ModelId model, IEnumerable<ReplicaId> replicas);

        [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "The rollout of {Model} goes on to {Count} more replicas.")]
        public static partial void Stepped(ILogger logger, ModelId model, int count);

        [LoggerMessage(EventId = 4, Level = LogLevel.Information, Message = "{Model} is live: every replica is to serve it.")]
        public static partial void Live(ILogger logger, ModelId model);

        [LoggerMessage(EventId = 5, Level = LogLevel.Warning, Message = "{Model} was rolled back and is quarantined: {Reason}")]
        public static partial void RolledBack(ILogger logger, ModelId model, string reason);

        [LoggerMessage(EventId = 6, Level = LogLevel.Information, Message = "The rollout of {Model} was abandoned: something else is wanted by now.")]
        public static partial void Abandoned(ILogger logger, ModelId model);
    }
}
