using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ModelPlatform.Sync.Leading;

/// <summary>Only the leader is ready: the Service sends replicas and operators to it alone.</summary>
internal sealed class LeaderHealth(Leadership leadership, IHostApplicationLifetime host) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        host.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("It is shutting down.")
        : leadership.IsLeading ? HealthCheckResult.Healthy("It leads.")
        : HealthCheckResult.Unhealthy(leadership.Obstacle));
}
