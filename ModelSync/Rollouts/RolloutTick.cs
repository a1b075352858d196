using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Sync.Rollouts;

/// <summary>Makes the reconcile loop plan again with the listing that it has: what replicas say is no reason for a list call, which is billed.</summary>
internal sealed class RolloutTick(TimeProvider time)
{
    public Signal Signal { get; } = new(time);
}
