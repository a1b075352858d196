using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Operating;

/// <summary>A wish that is being written here, and is told by whoever writes it once it is. Belongs to <see cref="WishNews"/>.</summary>
/// <param name="wish">All that is wished of the model then.</param>
internal sealed class OwnWish(ModelName model, ModelOverride wish)
{
    public ModelName Model { get; } = model;

    public ModelOverride Wish { get; } = wish;

    /// <summary>What was seen in the document and not told, since this seemed to be it.</summary>
    public IReadOnlyList<(ModelName Model, HistoryKind Kind, ModelVersion? Version)> Untold { get; set; } = [];
}
