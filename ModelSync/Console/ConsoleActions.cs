using Microsoft.AspNetCore.Http.HttpResults;
using ModelPlatform.Repository.Naming;
using ModelPlatform.ServiceDefaults;
using ModelPlatform.Sync.Leading;
using ModelPlatform.Sync.Operating;

namespace ModelPlatform.Sync.Console;

/// <summary>What the page's forms do: the same that operators' routes do. None asks back, since each is undone by another one, and what is released proves itself in steps.</summary>
internal static class ConsoleActions
{
    public static void MapConsoleActions(this IEndpointRouteBuilder routes)
    {
        var model = routes.MapGroup("/console/models/{model}").RequireOperator().RequireLeading();
        model.MapAction("pin", (operations, name, request, cancelled) => operations.PinAsync(name, request, cancelled));
        model.MapAction("rollback", (operations, name, request, cancelled) => operations.RollBackAsync(name, request, cancelled));
        model.MapAction("release", (operations, name, request, cancelled) => operations.ReleaseAsync(name, request, cancelled));
        foreach (var wish in (ModelWish[])[ModelWish.Unpin, ModelWish.Pause, ModelWish.Resume])
            model.MapAction(wish.Verb, (operations, name, _, cancelled) => operations.WishAsync(name, wish, null, cancelled));
    }

    private static void MapAction(this IEndpointRouteBuilder routes, string verb, Func<Operations, string, HttpRequest, CancellationToken, Task<IResult>> act) =>
        routes.MapPost($"/{verb}", async (string model, HttpContext context, Operations operations, CancellationToken cancelled) => await act(operations, model, context.Request, cancelled) switch
        {
            JsonHttpResult<ErrorBody> { Value: { } refusal, StatusCode: { } status } => ConsoleRoutes.Refusal(context, status, refusal.Error),
            _ => ConsoleRoutes.Back(Notice.Done(verb, ModelName.Parse(model))),
        });
}
