using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Protocol.Grpc.Wire;
using ModelPlatform.Inference.Statistics;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Protocol.Grpc;

internal static class StatisticsMessages
{
    public static ModelStatisticsResponse Write(IEnumerable<LoadedModel> versions) => new() { ModelStats = { versions.Select(version => MessageOf(version.Id, version.Totals)) } };

    private static ModelStatistics MessageOf(ModelId id, VersionTotals totals) => new()
    {
        Name = id.Name.ToString(),
        Version = id.Version.ToString(),
        LastInference = (ulong)totals.LastInference,
        InferenceCount = (ulong)totals.Inferences,
        ExecutionCount = (ulong)totals.Executions,
        InferenceStats = new InferStatistics
        {
            Success = MessageOf(totals.Success),
            Fail = MessageOf(totals.Fail),
            Queue = MessageOf(totals.Queue),
            ComputeInput = MessageOf(totals.ComputeInput),
            ComputeInfer = MessageOf(totals.ComputeInfer),
            ComputeOutput = MessageOf(totals.ComputeOutput),
            CacheHit = new StatisticDuration(),
            CacheMiss = new StatisticDuration(),
        },
        BatchStats =
        {
            totals.Batches.Select(batch => new InferBatchStatistics
            {
                BatchSize = (ulong)batch.Rows,
                ComputeInput = MessageOf(batch.Input),
                ComputeInfer = MessageOf(batch.Infer),
                ComputeOutput = MessageOf(batch.Output),
            }),
        },
    };

    private static StatisticDuration MessageOf(Total total) => new() { Count = (ulong)total.Count, Ns = (ulong)total.Nanoseconds };
}
