using Microsoft.Extensions.Diagnostics.HealthChecks;
using ModelPlatform.Sync.Health;

namespace ModelPlatform.Tests.Unit.Sync.Health;

public sealed class SyncHealthTests
{
    [Theory]
    [InlineData(HealthStatus.Healthy, new HealthStatus[0], HealthStatus.Healthy)]
    [InlineData(HealthStatus.Healthy, new[] { HealthStatus.Healthy, HealthStatus.Healthy }, HealthStatus.Healthy)]
    [InlineData(HealthStatus.Healthy, new[] { HealthStatus.Healthy, HealthStatus.Degraded }, HealthStatus.Degraded)]
    [InlineData(HealthStatus.Healthy, new[] { HealthStatus.Unhealthy, HealthStatus.Unhealthy }, HealthStatus.Degraded)]
    [InlineData(HealthStatus.Degraded, new[] { HealthStatus.Healthy }, HealthStatus.Degraded)]
    [InlineData(HealthStatus.Unhealthy, new[] { HealthStatus.Healthy }, HealthStatus.Unhealthy)]
    [InlineData(HealthStatus.Unhealthy, new[] { HealthStatus.Unhealthy }, HealthStatus.Unhealthy)]
    public void Replicas_make_the_whole_degraded_at_most(HealthStatus own, HealthStatus[] replicas, HealthStatus whole)
    {
        var entries = replicas.Index().ToDictionary(replica => $"replica {replica.Index}", replica => Entry(replica.Item));
        var report = SyncHealth.With(new HealthReport(new Dictionary<string, HealthReportEntry> { ["storage"] = Entry(own) }, TimeSpan.Zero), entries);
        Assert.Equal(whole, report.Status);
        Assert.Equal(["storage", .. entries.Keys], report.Entries.Keys);
    }

    private static HealthReportEntry Entry(HealthStatus status) => new(status, null, TimeSpan.Zero, null, null);
}
