using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Leading;
using ModelPlatform.Sync.Replicas;

namespace ModelPlatform.Sync.Publishing;

/// <summary>
/// Keeps the feed and the stored document one. The generation only grows: where the stored document is gone, damaged or older than what watchers
/// have already seen, theirs stands and is written again; where replicas hold a newer one, what is published next is above that.
/// </summary>
internal sealed class StatePublication(DesiredStateBlob blob, StateFeed feed, ReplicaRegistry replicas, Leadership leadership, TimeProvider time)
{
    // Of the reconcile loop alone.
    private string? _storedEtag;

    /// <summary>Whether what watchers see is also what is stored, and new enough for every replica to take it.</summary>
    public bool Stands => _storedEtag is not null && _storedEtag == feed.Current?.Etag && Newest >= replicas.NewestHeld;

    /// <summary>Of what is published next.</summary>
    public long NextGeneration => Math.Max(Newest, replicas.NewestHeld) + 1;

    private long Newest => feed.Current?.Document.Generation ?? 0;

    /// <summary>Somebody else has published since.</summary>
    public void Forget()
    {
        _storedEtag = null;
        feed.Forget();
    }

    /// <returns>What is wrong with the stored document, so that it is written again; else null.</returns>
    public async Task<string?> RefreshAsync(string? listedEtag, CancellationToken cancelled)
    {
        if (listedEtag == _storedEtag) return null;
        var (stored, problem) = listedEtag is null ? (null, null) : await blob.ReadAsync(isReplaceable: feed.Current is not null, cancelled);
        _storedEtag = problem is null ? stored?.Etag : listedEtag;
        if (stored is not null && stored.Document.Generation >= Newest) feed.Publish(stored);
        return problem;
    }

    /// <summary>False: somebody else has published, or leads by now; their document will be read on the next pass.</summary>
    public async Task<bool> TryPublishAsync(IReadOnlyDictionary<ModelName, DesiredModel> models, string? traceparent, CancellationToken cancelled)
    {
        var next = new DesiredState
        {
            Generation = NextGeneration,
            Published = time.GetUtcNow(),
            Traceparent = traceparent,
            Models = models,
        };
        // After the ETag was seen, whenever that was: a leader that was paused since then, and sees it here, stops; one that is paused from here on writes
        // against an ETag from before its successor's touch, and so in vain.
        if (!leadership.IsLeading) return false;
        if (await blob.TryWriteAsync(next, _storedEtag, cancelled) is not { } written) return false;
        _storedEtag = written.Etag;
        feed.Publish(written);
        return true;
    }
}
