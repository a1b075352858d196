namespace ModelPlatform.Sync.Replicas;

/// <summary>One open watch; disposed when it ends.</summary>
internal sealed class WatchConnection(ReplicaRegistry registry, WatchCall call) : IDisposable
{
    public WatchCall Call { get; } = call;

    public void Dispose() => registry.Disconnect(this);
}
