using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ModelPlatform.Sync;

/// <summary>How the last look at the repository went.</summary>
internal sealed class RepositoryHealth : IHealthCheck
{
    private static readonly HealthReport NotRead = new(false, "The repository was not read yet.");

    private volatile HealthReport _last = NotRead;

    public void Begins() => _last = NotRead;

    /// <summary>Reading is the leader's business; the storage is there.</summary>
    public void StandsBy() => _last = new HealthReport(false, null);

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
