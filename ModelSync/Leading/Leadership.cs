using System.Threading.Channels;

namespace ModelPlatform.Sync.Leading;

/// <summary>
/// Whether this instance leads. The election begins terms, the reconcile loop opens each once whoever led before can write no more, and everything else asks here.
/// </summary>
internal sealed class Leadership
{
    private readonly Channel<Term> _terms = Channel.CreateBounded<Term>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private volatile Term? _open;
    private volatile string? _leader;

    public bool IsLeading => _open is { Holds: true };

    /// <summary>Ends with the term that is open; ended already where none is.</summary>
    public CancellationToken Ended => _open is { Holds: true } term ? term.Ended : new CancellationToken(canceled: true);

    /// <summary>Why this instance does nothing.</summary>
    public string Obstacle => _leader is { } leader ? $"standby: {leader} leads." : "standby: it does not have the lease yet.";

    /// <param name="leader">As far as is known.</param>
    public void StandBy(string? leader) => _leader = leader;

    public void Begin(Term term)
    {
        _leader = null;
        _terms.Writer.TryWrite(term);
    }

    public void Open(Term term) => _open = term;

    /// <summary>Lets the work be done in each term, one after the other.</summary>
    public async Task InEachTermAsync(Func<Term, Task> work, CancellationToken stopping)
    {
        await foreach (var term in _terms.Reader.ReadAllAsync(stopping))
        {
            try { await work(term); }
#pragma warning disable CA1031 // However work ended that was cut off (cancelled, or failing with the storage that the lease was lost with): it is over, and the next term looks anew.
            catch (Exception) when (!term.Holds) { }
#pragma warning restore CA1031
        }
    }
}
