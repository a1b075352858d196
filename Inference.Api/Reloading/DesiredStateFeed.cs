using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Inference.Reloading;

/// <summary>The newest desired state that has reached this replica, by whichever way and as far as it concerns it: generations only grow.</summary>
internal sealed class DesiredStateFeed(ReplicaId replica, TimeProvider time)
{
    private readonly Lock _offering = new();
    private volatile DesiredState? _current;
    private Action<DesiredState>? _newer;

    /// <summary>Raised by every newer document; the reload loop waits on it.</summary>
    public Signal Changed { get; } = new(time);

    public DesiredState? Current => _current;

    /// <summary>False where the document is no news.</summary>
    public bool Offer(DesiredState next)
    {
        lock (_offering)
        {
            if (_current is { } current && next.Generation <= current.Generation) return false;
            _current = next.For(replica);
            _newer?.Invoke(_current);
        }
        Changed.Raise();
        return true;
    }

    /// <summary>Calls back with every newer document until disposed; the call must be short.</summary>
    public IDisposable OnNewer(Action<DesiredState> call)
    {
        lock (_offering) _newer += call;
        return new Watching(this, call);
    }

    private sealed class Watching(DesiredStateFeed feed, Action<DesiredState> call) : IDisposable
    {
        public void Dispose()
        {
            lock (feed._offering) feed._newer -= call;
        }
    }
}
