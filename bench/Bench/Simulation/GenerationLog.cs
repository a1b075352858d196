using ModelPlatform.Bench.Numbers;

namespace ModelPlatform.Bench.Simulation;

/// <summary>Which follower holds which generation, and how long after its publication each came to it.</summary>
internal sealed class GenerationLog(int followers)
{
    private readonly Lock _gate = new();
    private readonly long[] _held = new long[followers];
    private readonly SortedDictionary<long, DateTimeOffset> _published = [];
    private Latencies _delays = new();

    /// <summary>The newest generation that every follower holds, or has passed over for a newer one.</summary>
    public long Everywhere
    {
        get { lock (_gate) return _held.Min(); }
    }

    public long Newest
    {
        get { lock (_gate) return _held.Max(); }
    }

    /// <summary>From the publication of a generation to a follower that holds it or a newer one.</summary>
    public Latencies Delays
    {
        get { lock (_gate) return _delays; }
    }

    public void Receive(int follower, long generation, DateTimeOffset published, DateTimeOffset now)
    {
        lock (_gate)
        {
            _published.TryAdd(generation, published);
            foreach (var (passed, since) in _published)
            {
                if (passed > _held[follower] && passed <= generation) _delays.Add(now - since);
            }
            _held[follower] = Math.Max(_held[follower], generation);
        }
    }

    /// <summary>Begins to measure anew: what is held now was received before.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _published.Clear();
            _delays = new Latencies();
        }
    }
}
