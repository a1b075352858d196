using Microsoft.Net.Http.Headers;
using ModelPlatform.Repository.State;
using ModelPlatform.ServiceDefaults;
using ModelPlatform.Sync.Leading;
using ModelPlatform.Sync.Replicas;

namespace ModelPlatform.Sync.Publishing;

internal static class StateRoutes
{
    public static void MapState(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(SyncRoutes.State, Read);
        routes.MapGet(SyncRoutes.Watch, Watch).RequirePlatformKey();
    }

    private static IResult Read(StateFeed feed) => feed.Current is { } state
        ? TypedResults.Bytes(state.Json, "application/json", entityTag: new EntityTagHeaderValue($"\"{state.Document.Generation}\""))
        : ErrorBody.Answer(404, "Nothing was published yet.");

    private static IResult Watch(HttpContext context, ReplicaRegistry registry, StateWatch watch, StateFeed feed, Leadership leadership, Signal hint)
    {
        if (!WatchCall.TryParse(context.Request.Query, out var call, out var problem)) return ErrorBody.Answer(400, problem);
        // Before the connection is made: a later term forgets those that it finds, and must not be the one that this watch lasts for.
        var term = leadership.Ended;
        if (registry.Connect(call) is not { } connection) return ErrorBody.Answer(503, "There are too many replicas.");
        if (call.Generation > (feed.Current?.Document.Generation ?? 0)) hint.Raise();
        return new WatchResult(watch.EventsAsync(connection, term, context.RequestAborted));
    }
}
