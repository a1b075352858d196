using System.Diagnostics;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Telling;

namespace ModelPlatform.Sync.Operating;

/// <summary>
/// Tells what operators wish: what comes through this ModelSync where it was written, and what was written past it, as modelctl unload does, where the document
/// shows it.
/// </summary>
internal sealed class WishNews(Announcements announcements, StateFeed feed, TimeProvider time)
{
    private const string Past = $"Written to {RepositoryLayout.Overrides}.";

    private readonly Lock _gate = new();
    private readonly Dictionary<ModelName, List<OwnWish>> _own = [];
    private ModelOverrides? _seen;

    /// <summary>At the begin of a term: what has changed since the last one, another leader has told.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _seen = null;
            _own.Clear();
        }
    }

    /// <summary>This is about to be written, and whoever writes it tells it.</summary>
    /// <param name="wish">All that is wished of the model then.</param>
    public OwnWish Expect(ModelName model, ModelOverride wish)
    {
        lock (_gate)
        {
            if (!_own.TryGetValue(model, out var wishes)) _own.Add(model, wishes = []);
            wishes.Add(new OwnWish(model, wish));
            return wishes[^1];
        }
    }

    /// <summary>It was not written, as far as is known, and nobody tells it. An equal one is somebody else's, or it was written after all.</summary>
    public void Withdraw(OwnWish wish)
    {
        lock (_gate)
        {
            if (_own.TryGetValue(wish.Model, out var own) && own.Remove(wish) && own.Count == 0) _own.Remove(wish.Model);
            TellPast(wish.Untold);
            wish.Untold = [];
        }
    }

    public void Look(ModelOverrides wishes)
    {
        lock (_gate)
        {
            var before = _seen;
            _seen = wishes;
            if (ReferenceEquals(before, wishes)) return;
            var own = _own.Keys.ToList().Select(model => TakeOwn(model, wishes.Of(model))).OfType<OwnWish>().ToDictionary(wish => wish.Model);
            if (before is null) return;
            foreach (var changes in wishes.ChangesSince(before).GroupBy(change => change.Model))
            {
                if (own.TryGetValue(changes.Key, out var wish)) wish.Untold = [.. changes];
                else TellPast(changes);
            }
        }
    }

    /// <param name="identity">By default of what is published under that number.</param>
    public void Tell(HistoryKind kind, ModelName model, ModelVersion? version, string? reason, Identity? identity = null) => announcements.Announce(new HistoryEntry(
        kind,
        model,
        version,
        identity ?? (version is { } known ? feed.Current?.Find(new ModelId(model, known))?.Identity : null),
        feed.Current?.Document.Generation ?? 0,
        time.GetUtcNow(),
        reason,
        Activity.Current?.Id));

    private void TellPast(IEnumerable<(ModelName Model, HistoryKind Kind, ModelVersion? Version)> changes)
    {
        foreach (var (model, kind, version) in changes) Tell(kind, model, version, Past);
    }

    // What was wished before it is part of it by now, or was taken back; what comes after is perhaps not written yet.
    private OwnWish? TakeOwn(ModelName model, ModelOverride wish)
    {
        var own = _own[model];
        var last = own.FindLastIndex(each => each.Wish == wish);
        if (last < 0) return null;
        var taken = own[last];
        own.RemoveRange(0, last + 1);
        if (own.Count == 0) _own.Remove(model);
        return taken;
    }
}
