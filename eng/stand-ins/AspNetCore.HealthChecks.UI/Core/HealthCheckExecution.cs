namespace HealthChecks.UI.Core;

/// <summary>What is known of one target: an element of <c>/healthchecks-api</c>.</summary>
internal sealed record HealthCheckExecution(
    int Id, UIHealthStatus Status, DateTime OnStateFrom, DateTime LastExecuted, string Uri, string Name, string? DiscoveryService,
    IReadOnlyList<HealthCheckExecutionEntry> Entries, IReadOnlyList<HealthCheckExecutionHistory> History);

internal sealed record HealthCheckExecutionEntry(int Id, string Name, UIHealthStatus Status, string? Description, TimeSpan Duration, IReadOnlyList<string>? Tags);

internal sealed record HealthCheckExecutionHistory(int Id, string Name, string? Description, UIHealthStatus Status, DateTime On);
