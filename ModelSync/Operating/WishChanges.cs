using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Operating;

/// <summary>What distinguishes two states of operators' wishes, as entries of the history name it. Pure.</summary>
internal static class WishChanges
{
    public static IEnumerable<(ModelName Model, HistoryKind Kind, ModelVersion? Version)> ChangesSince(this ModelOverrides wishes, ModelOverrides before)
    {
        foreach (var model in before.Models.Keys.Union(wishes.Models.Keys).Order())
        {
            var (was, now) = (before.Of(model), wishes.Of(model));
            if (was.Unload != now.Unload) yield return (model, now.Unload ? HistoryKind.Unloaded : HistoryKind.Loaded, null);
            if (was.Pin != now.Pin) yield return (model, now.Pin is null ? HistoryKind.Unpinned : HistoryKind.Pinned, now.Pin);
            if (was.Paused != now.Paused) yield return (model, now.Paused ? HistoryKind.Paused : HistoryKind.Resumed, null);
        }
    }
}
