namespace ModelPlatform.Sync.Health;

/// <summary>What came of asking a replica whether it is ready.</summary>
/// <param name="Obstacle">Null when it is ready, else the reason why not.</param>
internal sealed record ReplicaAnswer(string? Obstacle, TimeSpan Took);
