using ModelPlatform.Sync.Operating;
using ModelPlatform.Sync.Planning;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Replicas;
using ModelPlatform.Sync.Rollouts;
using OpenTelemetry;

namespace ModelPlatform.Sync.Leading;

/// <summary>
/// The first thing in a term: what is remembered of an earlier one is forgotten, and the document is touched, so that whatever a former leader still
/// has in hand is not written any more (docs/decisions/0009). Of the reconcile loop alone.
/// </summary>
internal sealed class Takeover(
    DesiredStateBlob document, StatePublication publication, ReplicaRegistry replicas, RolloutPlanning rollouts, RolloutLog log, Releases releases, WishNews wishes, RepositoryHealth health, LeaderIdentity self, Leadership leadership)
{
    private Term? _begun;
    private Term? _opened;

    /// <summary>Does nothing where it was done in this term.</summary>
    public async Task EnsureAsync(Term term)
    {
        if (_opened == term) return;
        if (_begun != term) Forget(term);
        _begun = term;
        using (SuppressInstrumentationScope.Begin()) await document.FenceAsync(self.Instance, term.Ended);
        leadership.Open(term);
        _opened = term;
    }

    private void Forget(Term term)
    {
        // Every replica comes again with a new watch and says everything again.
        replicas.Forget();
        rollouts.BeginAnew();
        log.Forget();
        releases.Forget();
        wishes.Forget();
        health.Begins();
        // Where nobody else has led, what was published last stands, also should the container have lost it.
        if (!term.IsOurNext) publication.Forget();
    }
}
