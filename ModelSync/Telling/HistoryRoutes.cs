using System.Globalization;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Sync.Telling;

internal static class HistoryRoutes
{
    private const int DefaultLimit = 100;

    public static void MapHistory(this IEndpointRouteBuilder routes) => routes.MapGet(SyncRoutes.History, Read);

    // Strings: the framework's own refusals would not have our form.
    private static IResult Read(History history, string? model = null, string? limit = null)
    {
        ModelName? name = null;
        if (model is not null && !ModelName.TryParse(model, out name)) return ErrorBody.Answer(400, $"'{Quoted.Of(model)}' is not a model name.");
        var most = DefaultLimit;
        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) || most is < 1 or > History.Kept))
            return ErrorBody.Answer(400, $"limit must be a number between 1 and {History.Kept}.");
        return TypedResults.Json(history.Newest(name, most), RepositoryJson.Readable.IReadOnlyListHistoryEntry);
    }
}
