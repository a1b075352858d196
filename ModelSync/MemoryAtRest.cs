using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Replicas;

namespace ModelPlatform.Sync;

/// <summary>
/// A rollout over many replicas takes several times the memory that their watches take at rest, and an idle process allocates too little for the collector
/// to run by itself: once nothing has happened for a while, it is made to give everything back.
/// </summary>
internal sealed class MemoryAtRest(StateFeed feed, ReplicaRegistry replicas, TimeProvider time) : BackgroundService
{
    // Kestrel lets go of buffers that it has not used for some tens of seconds.
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Every, time);
        var (isDue, last) = (false, (Etag: (string?)null, Replicas: 0));
        while (await timer.WaitForNextTickAsync(stopping))
        {
            var now = (feed.Current?.Etag, replicas.Connected);
            if (isDue && now == last) GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            (isDue, last) = (now != last, now);
        }
    }
}
