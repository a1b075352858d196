using Microsoft.AspNetCore.Http.HttpResults;
using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Statistics;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>What each version did since this replica serves it (Triton's extension_statistics.md).</summary>
internal static class StatisticsRoutes
{
    public static void MapStatistics(this IEndpointRouteBuilder models)
    {
        models.MapGet("/stats", (ModelCatalog catalog) => Answer(catalog.Names.SelectMany(catalog.Of)));
        models.MapGet("/{model}/stats", (string model, ModelCatalog catalog) =>
        {
            using var lease = catalog.Acquire(model);
            return Answer(catalog.Of(lease.Model.Id.Name));
        });
        models.MapGet("/{model}/versions/{version}/stats", (string model, string version, ModelCatalog catalog) =>
        {
            using var lease = catalog.Acquire(model, version);
            return Answer([lease.Model]);
        });
    }

    private static JsonHttpResult<StatisticsBody> Answer(IEnumerable<LoadedModel> versions) =>
        TypedResults.Json(new StatisticsBody([.. versions.Select(version => BodyOf(version.Id, version.Totals))]), TritonJson.Default.StatisticsBody);

    // One answer to each call, so nothing to say of single responses; no cache of answers; and the runtime does not tell what memory a session has.
    private static VersionStatisticsBody BodyOf(ModelId id, VersionTotals totals) => new(
        id.Name.ToString(), id.Version.ToString(), totals.LastInference, totals.Inferences, totals.Executions,
        new InferenceTimesBody(
            BodyOf(totals.Success), BodyOf(totals.Fail), BodyOf(totals.Queue),
            BodyOf(totals.ComputeInput), BodyOf(totals.ComputeInfer), BodyOf(totals.ComputeOutput), BodyOf(default), BodyOf(default)),
        new Dictionary<string, DurationBody>(),
        [.. totals.Batches.Select(batch => new BatchTimesBody(batch.Rows, BodyOf(batch.Input), BodyOf(batch.Infer), BodyOf(batch.Output)))],
        []);

    private static DurationBody BodyOf(Total total) => new(total.Count, total.Nanoseconds);
}
