using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Sync.Replicas;

/// <summary>A replica was loading this content when its process ended without a word.</summary>
/// <param name="Generation">For which it loaded it.</param>
internal sealed record Interruption(ReplicaId Replica, ModelName Model, Identity Identity, long Generation);
