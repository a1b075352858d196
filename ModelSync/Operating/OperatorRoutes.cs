using ModelPlatform.Repository.State;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Sync.Operating;

internal static class OperatorRoutes
{
    public static void MapOperating(this IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup(SyncRoutes.Models + "/{model}").RequirePlatformKey();
        models.MapWish("load", HistoryKind.Loaded, wish => wish with { Unload = false });
        models.MapWish("unload", HistoryKind.Unloaded, wish => wish with { Unload = true });
        models.MapWish("unpin", HistoryKind.Unpinned, wish => wish with { Pin = null });
        models.MapWish("pause", HistoryKind.Paused, wish => wish with { Paused = true });
        models.MapWish("resume", HistoryKind.Resumed, wish => wish with { Paused = false });
        models.MapPost("/pin", (string model, HttpRequest request, Operations operations, CancellationToken cancelled) => operations.PinAsync(model, request, cancelled));
        models.MapPost("/release", (string model, HttpRequest request, Operations operations, CancellationToken cancelled) => operations.ReleaseAsync(model, request, cancelled));
        models.MapPost("/rollback", (string model, HttpRequest request, Operations operations, CancellationToken cancelled) => operations.RollBackAsync(model, request, cancelled));
    }

    private static void MapWish(this IEndpointRouteBuilder routes, string verb, HistoryKind kind, Func<ModelOverride, ModelOverride> change) =>
        routes.MapPost($"/{verb}", (string model, HttpRequest request, Operations operations, CancellationToken cancelled) => operations.WishAsync(model, kind, change, request, cancelled));
}
