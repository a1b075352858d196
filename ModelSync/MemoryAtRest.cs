using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Replicas;

namespace ModelPlatform.Sync;

/// <summary>
/// What a rollout over many replicas leaves behind is several times what their watches hold, and an idle process allocates too little for the collector to run by
/// itself: the less, the larger the processor's cache is. So it is made to give everything back when nothing has happened for a while and there is much to give.
/// </summary>
internal sealed class MemoryAtRest(StateFeed feed, ReplicaRegistry replicas, TimeProvider time) : BackgroundService
{
    private const long Much = 8 << 20;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Every, time);
        var (before, collected) = ((Etag: (string?)null, Replicas: 0), 0L);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            var now = (feed.Current?.Etag, replicas.Connected);
            if (now == before && GC.GetTotalAllocatedBytes() - collected >= Much)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                collected = GC.GetTotalAllocatedBytes();
            }
            before = now;
        }
    }
}
