using Azure;
using Microsoft.AspNetCore.Http.HttpResults;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Sync.Operating;

internal static partial class OperatorRoutes
{
    public static void MapOperating(this IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup(SyncRoutes.Models).RequirePlatformKey();
        models.MapPost("/{model}/load", (string model, Wishes wishes, ILogger<Wishes> logger, CancellationToken cancelled) =>
            WishAsync(model, ModelOverride.Nothing, wishes, logger, cancelled));
        models.MapPost("/{model}/unload", (string model, Wishes wishes, ILogger<Wishes> logger, CancellationToken cancelled) =>
            WishAsync(model, new ModelOverride(Unload: true), wishes, logger, cancelled));
    }

    private static async Task<IResult> WishAsync(string model, ModelOverride wish, Wishes wishes, ILogger<Wishes> logger, CancellationToken cancelled)
    {
        if (!ModelName.TryParse(model, out var name)) return Unknown(model);
        try
        {
            if (!await wishes.TryWishAsync(name, wish, cancelled)) return Unknown(model);
        }
        catch (InvalidDocumentException unreadable) { return ErrorBody.Answer(409, unreadable.Message); }
        catch (RequestFailedException away) { return Away(away); }
        catch (AggregateException away) when (away.InnerException is RequestFailedException last) { return Away(last); }
        Log.Wished(logger, wish.Unload ? "unload" : "load", name);
        return TypedResults.NoContent();
    }

    private static JsonHttpResult<ErrorBody> Unknown(string model) => ErrorBody.Answer(404, $"There is no model '{Quoted.Of(model)}' in the repository.");

    private static JsonHttpResult<ErrorBody> Away(RequestFailedException away) =>
        ErrorBody.Answer(503, $"The wish could not be written to the repository: {(away.ErrorCode is { } code ? $"{away.Status} {code}" : "storage does not answer")}.");

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "An operator wishes to {Wish} {Model}.")]
        public static partial void Wished(ILogger logger, string wish, ModelName model);
    }
}
