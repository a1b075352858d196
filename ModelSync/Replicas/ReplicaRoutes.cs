using Microsoft.AspNetCore.Http.Features;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.ServiceDefaults;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Rollouts;

namespace ModelPlatform.Sync.Replicas;

internal static partial class ReplicaRoutes
{
    public const int MaxAckBytes = 256 * 1024;

    public static void MapReplicas(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(SyncRoutes.Replicas, (ReplicaRegistry registry) => TypedResults.Json(registry.Status(), RepositoryJson.Readable.IReadOnlyListReplicaStatus));
        routes.MapPost($"{SyncRoutes.Replicas}/{{id}}/acks", AcknowledgeAsync).RequirePlatformKey();
        routes.MapPost($"{SyncRoutes.Replicas}/{{id}}/leave", Leave).RequirePlatformKey();
    }

    private static IResult Leave(string id, HttpContext context, ReplicaRegistry registry, RolloutTick tick)
    {
        if (context.Features.GetRequiredFeature<IHttpRequestBodyDetectionFeature>().CanHaveBody) return ErrorBody.Answer(400, "There is nothing to say but the replica's id.");
        if (!ReplicaId.TryParse(id, out var replica)) return ErrorBody.Answer(400, "This is not a replica's id.");
        registry.Leave(replica);
        tick.Signal.Raise();
        return TypedResults.NoContent();
    }

    private static async Task<IResult> AcknowledgeAsync(
        string id, HttpRequest request, ReplicaRegistry registry, KnownGood known, StateFeed feed, RolloutTick tick, ILogger<ReplicaRegistry> logger)
    {
        if (!ReplicaId.TryParse(id, out var replica)) return ErrorBody.Answer(400, "This is not a replica's id.");
        ReplicaAck ack;
        try
        {
            var body = await BinaryData.FromStreamAsync(request.Body, request.HttpContext.RequestAborted);
            ack = ReplicaAck.Parse(body.ToMemory().Span);
        }
        catch (InvalidDocumentException malformed) { return ErrorBody.Answer(400, malformed.Message); }
        catch (BadHttpRequestException refused) { return ErrorBody.Answer(refused.StatusCode, refused.Message); }   // larger than the limit

        var outcome = registry.Record(replica, ack);
        if (outcome == RecordOutcome.TooManyReplicas) return ErrorBody.Answer(503, "There are too many replicas.");
        if (outcome == RecordOutcome.News) Tell(logger, replica, ack);
        if (known.Learn(ack, feed.Current?.Document) || outcome == RecordOutcome.News) tick.Signal.Raise();
        return TypedResults.NoContent();
    }

    private static void Tell(ILogger logger, ReplicaId replica, ReplicaAck ack)
    {
        var version = new ModelId(ack.Model, ack.Version);
        if (ack.State == AckState.Rejected) Log.Rejected(logger, replica, version, Quoted.Of(ack.Reason, Replica.MaxReason));
        if (ack.State == AckState.Serving) Log.Serves(logger, replica, version, ack.Seconds);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Replica {Replica} rejected {Model}: {Reason}")]
        public static partial void Rejected(ILogger logger, ReplicaId replica, ModelId model, string reason);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Replica {Replica} serves {Model}, {Seconds} s after it learned of it.")]
        public static partial void Serves(ILogger logger, ReplicaId replica, ModelId model, double? seconds);
    }
}
