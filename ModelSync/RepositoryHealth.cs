using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ModelPlatform.Sync;

/// <summary>How the last look at the repository went.</summary>
internal sealed class RepositoryHealth : IHealthCheck
{
    private volatile HealthReport _last = new(false, "The repository was not read yet.");

    /// <summary>Whether this is news.</summary>
    public bool Succeeded() => Interlocked.Exchange(ref _last!, new HealthReport(true, null)).Problem is not null;

    /// <summary>Whether this is news.</summary>
    public bool Failed(string problem) => Interlocked.Exchange(ref _last!, new HealthReport(_last.WasRead, problem)).Problem != problem;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(_last switch
    {
        { Problem: null } => HealthCheckResult.Healthy(),
        { WasRead: true, Problem: var problem } => HealthCheckResult.Degraded(problem),
        { Problem: var problem } => HealthCheckResult.Unhealthy(problem),
    });

    private sealed record HealthReport(bool WasRead, string? Problem);
}
