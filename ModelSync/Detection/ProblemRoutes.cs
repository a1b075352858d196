using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Detection;

internal static class ProblemRoutes
{
    public static void MapProblems(this IEndpointRouteBuilder routes) =>
        routes.MapGet(SyncRoutes.Problems, (ReportedProblems problems) => TypedResults.Json(problems.Last, RepositoryJson.Readable.IReadOnlyListRepositoryProblem));
}
