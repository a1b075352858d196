using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ModelPlatform.Sync.Health;

/// <summary>
/// ModelSync's report with an entry for each replica. Their trouble makes it degraded at most: ModelSync can do its work, and taking it out would help none of them.
/// </summary>
internal sealed class SyncHealth(HealthCheckService own, ReplicaRounds replicas) : HealthCheckService
{
    // Entries are selected by their tags like every check.
    private static readonly HealthCheckRegistration Registration = new("replica", _ => throw new NotSupportedException(), null, ReplicaEntry.Tags);

    public override async Task<HealthReport> CheckHealthAsync(Func<HealthCheckRegistration, bool>? predicate, CancellationToken cancellationToken = default)
    {
        var report = await own.CheckHealthAsync(predicate, cancellationToken);
        return predicate?.Invoke(Registration) == false ? report : With(report, replicas.Entries());
    }

    internal static HealthReport With(HealthReport own, IReadOnlyDictionary<string, HealthReportEntry> replicas)
    {
        var troubled = replicas.Values.Any(replica => replica.Status != HealthStatus.Healthy);
        return new HealthReport(
            new Dictionary<string, HealthReportEntry>(own.Entries.Concat(replicas)),
            troubled && own.Status == HealthStatus.Healthy ? HealthStatus.Degraded : own.Status,
            own.TotalDuration);
    }
}
