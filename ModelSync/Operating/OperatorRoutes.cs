using ModelPlatform.Repository.State;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Sync.Operating;

internal static class OperatorRoutes
{
    public static void MapOperating(this IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup(SyncRoutes.Models + "/{model}").RequirePlatformKey();
        foreach (var wish in (ModelWish[])[ModelWish.Load, ModelWish.Unload, ModelWish.Unpin, ModelWish.Pause, ModelWish.Resume])
            models.MapPost($"/{wish.Verb}", (string model, HttpRequest request, Operations operations, CancellationToken cancelled) => operations.WishAsync(model, wish, request, cancelled));
        models.MapPost("/pin", (string model, HttpRequest request, Operations operations, CancellationToken cancelled) => operations.PinAsync(model, request, cancelled));
        models.MapPost("/release", (string model, HttpRequest request, Operations operations, CancellationToken cancelled) => operations.ReleaseAsync(model, request, cancelled));
        models.MapPost("/rollback", (string model, HttpRequest request, Operations operations, CancellationToken cancelled) => operations.RollBackAsync(model, request, cancelled));
    }
}
