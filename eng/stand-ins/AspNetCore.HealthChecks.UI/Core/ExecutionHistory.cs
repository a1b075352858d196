using System.Collections.Immutable;
using HealthChecks.UI.Configuration;
using Microsoft.Extensions.Options;

namespace HealthChecks.UI.Core;

/// <summary>In the place of the package's database: the last report of each target, and since when it is in its state.</summary>
internal sealed class ExecutionHistory(IOptions<Settings> settings)
{
    private ImmutableSortedDictionary<int, HealthCheckExecution> _executions = ImmutableSortedDictionary<int, HealthCheckExecution>.Empty;
    private int _lastId;

    public IEnumerable<HealthCheckExecution> All() => Volatile.Read(ref _executions).Values;

    /// <summary>Called by one loop only.</summary>
    public void Save(int id, HealthCheckSetting target, UIHealthReport report)
    {
        var now = DateTime.UtcNow;
        var before = _executions.GetValueOrDefault(id);
        var entries = report.Entries.Select(entry => new HealthCheckExecutionEntry(
            before?.Entries.FirstOrDefault(known => known.Name == entry.Key)?.Id ?? ++_lastId,
            entry.Key, entry.Value.Status, entry.Value.Description, entry.Value.Duration, entry.Value.Tags?.ToList()));
        var next = new HealthCheckExecution(
            id, report.Status, before?.Status == report.Status ? before.OnStateFrom : now, now, target.Uri, target.Name, null, [.. entries], History(before, report, now));
        Volatile.Write(ref _executions, _executions.SetItem(id, next));
    }

    // Like the package: changes of entries are kept only where they changed the whole.
    private IReadOnlyList<HealthCheckExecutionHistory> History(HealthCheckExecution? before, UIHealthReport report, DateTime now)
    {
        if (before is null || before.Status == report.Status) return before?.History ?? [];
        var changed = before.Entries.Where(entry => report.Entries.TryGetValue(entry.Name, out var after) && after.Status != entry.Status)
            .Select(entry => new HealthCheckExecutionHistory(++_lastId, entry.Name, report.Entries[entry.Name].Description, report.Entries[entry.Name].Status, now));
        return [.. changed.Concat(before.History).Take(settings.Value.MaximumExecutionHistoriesPerEndpoint)];
    }
}
