using Microsoft.Net.Http.Headers;
using ModelPlatform.Repository.State;
using ModelPlatform.ServiceDefaults;
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

    private static IResult Watch(HttpContext context, ReplicaRegistry registry, StateWatch watch, StateFeed feed, Signal hint)
    {
        if (!WatchCall.TryParse(context.Request.Query, out var call, out var problem)) return ErrorBody.Answer(400, problem);
        if (registry.Connect(call) is not { } connection) return ErrorBody.Answer(503, "There are too many replicas.");
        if (call.Generation > (feed.Current?.Document.Generation ?? 0)) hint.Raise();
        return new WatchResult(watch.EventsAsync(connection, context.RequestAborted));
    }
}
