using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Rollouts;

/// <summary>What replicas have because a rollout gave it to them, and not because it is the version of all.</summary>
internal static class Proving
{
    public static bool Includes(DesiredState? published, ModelName name, Identity identity) =>
        published?.Models.GetValueOrDefault(name) is { } model && model.Proved.Any(version => version.Identity == identity);
}
