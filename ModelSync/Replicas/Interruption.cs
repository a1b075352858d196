using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Sync.Replicas;

/// <summary>A replica had this content in hand when its process ended without a word.</summary>
/// <param name="Generation">For which it had it.</param>
/// <param name="Run">Of the process, where it said so.</param>
/// <param name="WasLoading">Else it served it, alone or in the shadow of another.</param>
internal sealed record Interruption(ReplicaId Replica, ModelName Model, Identity Identity, long Generation, string? Run = null, bool WasLoading = true);
