namespace ModelPlatform.Inference.Reloading;

/// <summary>Names the HTTP client that talks to ModelSync.</summary>
internal static class SyncClient
{
    public const string Name = "model-sync";

    /// <summary>Resolved by service discovery.</summary>
    public static Uri Address { get; } = new("http://model-sync");

    /// <summary>It answers an ack from memory: one that takes longer hangs, and the next try may meet another process.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(10);
}
