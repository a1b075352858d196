using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Detection;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Replicas;

namespace ModelPlatform.Sync.Operating;

/// <summary>Like the other reports they need no key: what they tell is no secret in the cluster.</summary>
internal static class ReportRoutes
{
    public static void MapReports(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(SyncRoutes.Models, (StateFeed feed, RepositoryReader reader, ReplicaRegistry replicas) =>
            TypedResults.Json(ModelReport.Models(DocumentOf(feed), reader.Wishes, replicas.Status()), RepositoryJson.Readable.IReadOnlyListModelStatus));
        routes.MapGet(SyncRoutes.Rollouts, (StateFeed feed, RepositoryReader reader, ReplicaRegistry replicas) =>
            TypedResults.Json(ModelReport.Rollouts(DocumentOf(feed), reader.Wishes, replicas.Status()), RepositoryJson.Readable.IReadOnlyListRolloutStatus));
    }

    private static DesiredState DocumentOf(StateFeed feed) => feed.Current?.Document ?? DesiredState.Empty;
}
