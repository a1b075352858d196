using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Telling;

namespace ModelPlatform.Sync.Operating;

/// <summary>Tells what operators have wished past this ModelSync, by writing the document, as modelctl unload does: whatever came through it tells itself.</summary>
internal sealed class WishNews(Announcements announcements, StateFeed feed, TimeProvider time)
{
    private const string Reason = $"Written to {RepositoryLayout.Overrides}.";

    private readonly Lock _gate = new();
    private readonly Dictionary<ModelName, List<ModelOverride>> _told = [];
    private ModelOverrides? _seen;

    /// <summary>At the begin of a term: what has changed since the last one, another leader has told.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _seen = null;
            _told.Clear();
        }
    }

    /// <summary>This is about to be written, and whoever writes it tells it.</summary>
    /// <param name="wish">All that is wished of the model then.</param>
    public void IsTold(ModelName model, ModelOverride wish)
    {
        lock (_gate)
        {
            if (!_told.TryGetValue(model, out var wishes)) _told.Add(model, wishes = []);
            wishes.Add(wish);
        }
    }

    public void Look(ModelOverrides wishes)
    {
        lock (_gate)
        {
            var before = _seen;
            _seen = wishes;
            if (before is null || ReferenceEquals(before, wishes)) return;
            foreach (var changes in wishes.ChangesSince(before).GroupBy(change => change.Model))
            {
                if (WasTold(changes.Key, wishes.Of(changes.Key))) continue;
                foreach (var (model, kind, version) in changes) Tell(model, kind, version);
            }
        }
    }

    // What was wished before it is part of it by now; what comes after is perhaps not written yet.
    private bool WasTold(ModelName model, ModelOverride wish)
    {
        if (!_told.TryGetValue(model, out var told)) return false;
        var last = told.LastIndexOf(wish);
        if (last < 0) return false;
        told.RemoveRange(0, last + 1);
        if (told.Count == 0) _told.Remove(model);
        return true;
    }

    private void Tell(ModelName model, HistoryKind kind, ModelVersion? version) => announcements.Announce(new HistoryEntry(
        kind, model, version, version is { } known ? feed.Current?.Find(new ModelId(model, known))?.Identity : null, feed.Current?.Document.Generation ?? 0, time.GetUtcNow(), Reason));
}
