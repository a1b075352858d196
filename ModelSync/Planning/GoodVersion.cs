using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Sync.Planning;

/// <summary>Exactly this content was once served by a replica, so it passed every check there is.</summary>
internal sealed record GoodVersion(ModelName Model, ModelVersion Version, Identity Identity);
