using ModelPlatform.Inference.Statistics;

namespace ModelPlatform.Tests.Unit.Inference.Statistics;

internal static class Readings
{
    /// <summary>What every reading promises, whatever goes on meanwhile.</summary>
    public static void IsSound(VersionTotals read)
    {
        Assert.Equal(read.Executions, read.Batches.Sum(batch => batch.Infer.Count));
        Assert.Equal(read.Inferences, read.Batches.Sum(batch => batch.Rows * batch.Infer.Count));
        Assert.Equal(read.Batches.Select(batch => batch.Rows).Order().Distinct(), read.Batches.Select(batch => batch.Rows));
        Assert.InRange(read.Success.Count, 0, read.Inferences);
        foreach (var part in Parts(read)) Assert.InRange(part.Count, 0, read.Success.Count);
        Assert.InRange(Parts(read).Sum(part => part.Nanoseconds), 0, read.Success.Nanoseconds);
    }

    /// <summary>Nothing was taken back.</summary>
    public static void HasNotFallen(VersionTotals before, VersionTotals after)
    {
        foreach (var (earlier, later) in All(before).Zip(All(after)))
        {
            Assert.InRange(later.Count, earlier.Count, long.MaxValue);
            Assert.InRange(later.Nanoseconds, earlier.Nanoseconds, long.MaxValue);
        }
        Assert.InRange(after.Inferences, before.Inferences, long.MaxValue);
        Assert.InRange(after.Executions, before.Executions, long.MaxValue);
    }

    private static Total[] Parts(VersionTotals read) => [read.Queue, read.ComputeInput, read.ComputeInfer, read.ComputeOutput];

    private static Total[] All(VersionTotals read) => [read.Success, read.Fail, .. Parts(read)];
}
