using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Planning;

/// <summary>Exactly this content was once served by a replica, so it passed every check there is.</summary>
internal sealed record GoodVersion(ModelName Model, ModelVersion Version, Identity Identity)
{
    public static GoodVersion Of(ModelName model, DesiredVersion version) => new(model, version.Version, version.Identity);
}
