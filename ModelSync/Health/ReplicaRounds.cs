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
    private const int InOnePause = 200;

    private volatile IReadOnlyDictionary<string, ReplicaAnswer> _answers = new Dictionary<string, ReplicaAnswer>();

    public IReadOnlyDictionary<string, HealthReportEntry> Entries() => FleetEntries.Of(registry.Look().Replicas, _answers, feed.Current?.Document);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        while (true)
        {
            var asked = await AskAllAsync(stopping);
            await Task.Delay(PauseAfter(asked, options.Value.AskEvery), time, stopping);
        }
    }

    /// <summary>Many replicas are asked less often each, so that asking costs the same.</summary>
    internal static TimeSpan PauseAfter(int asked, TimeSpan askEvery) => askEvery * Math.Max(1, asked / (double)InOnePause);

    /// <returns>How many were asked.</returns>
    private async Task<int> AskAllAsync(CancellationToken stopping)
    {
        var answers = new ConcurrentDictionary<string, ReplicaAnswer>();
        var addresses = registry.Look().Replicas.Select(replica => replica.Address).OfType<string>().Distinct();
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = options.Value.AtOnce, CancellationToken = stopping };
        await Parallel.ForEachAsync(addresses, atOnce, async (address, cancelled) => answers[address] = await probe.AskAsync(address, cancelled));
        _answers = answers;
        return answers.Count;
    }
}
