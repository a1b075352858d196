using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Operating;

/// <summary>A wish that concerns a model as a whole, under the name that it has in every address.</summary>
internal sealed record ModelWish(string Verb, HistoryKind Kind, Func<ModelOverride, ModelOverride> Change)
{
    public static ModelWish Load { get; } = new("load", HistoryKind.Loaded, wish => wish with { Unload = false });
    public static ModelWish Unload { get; } = new("unload", HistoryKind.Unloaded, wish => wish with { Unload = true });
    public static ModelWish Unpin { get; } = new("unpin", HistoryKind.Unpinned, wish => wish with { Pin = null });
    public static ModelWish Pause { get; } = new("pause", HistoryKind.Paused, wish => wish with { Paused = true });
    public static ModelWish Resume { get; } = new("resume", HistoryKind.Resumed, wish => wish with { Paused = false });
}
