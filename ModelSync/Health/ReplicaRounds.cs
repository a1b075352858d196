using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Replicas;

namespace ModelPlatform.Sync.Health;

/// <summary>
/// Asks every replica in turns and keeps the answers. The health report only reads them: it has to come at once, whatever hangs, or Kubernetes takes
/// ModelSync for dead too, and nobody who asks for it makes calls with it.
/// </summary>
internal sealed class ReplicaRounds(ReplicaRegistry registry, StateFeed feed, ReplicaProbe probe, IOptions<HealthOptions> options, TimeProvider time) : BackgroundService
{
    private volatile IReadOnlyDictionary<string, ReplicaAnswer> _answers = new Dictionary<string, ReplicaAnswer>();

    public IReadOnlyDictionary<string, HealthReportEntry> Entries()
    {
        var (answers, published) = (_answers, feed.Current?.Document);
        return registry.Status().ToDictionary(
            ReplicaEntry.NameOf,
            replica => ReplicaEntry.Of(replica, replica.Address is { } address ? answers.GetValueOrDefault(address) : null, published));
    }

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        while (true)
        {
            await AskAllAsync(stopping);
            await Task.Delay(options.Value.AskEvery, time, stopping);
        }
    }

    private async Task AskAllAsync(CancellationToken stopping)
    {
        var answers = new ConcurrentDictionary<string, ReplicaAnswer>();
        var addresses = registry.Status().Select(replica => replica.Address).OfType<string>().Distinct();
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = options.Value.AtOnce, CancellationToken = stopping };
        await Parallel.ForEachAsync(addresses, atOnce, async (address, cancelled) => answers[address] = await probe.AskAsync(address, cancelled));
        _answers = answers;
    }
}
