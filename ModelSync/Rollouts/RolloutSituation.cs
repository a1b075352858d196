using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Replicas;

namespace ModelPlatform.Sync.Rollouts;

/// <summary>What one model's rollout is planned with, besides what is published and what is wanted.</summary>
internal sealed record RolloutSituation
{
    public RolloutPlan Policy { get; init; } = new();

    /// <summary>Those that are there and do not leave, in the order in which they get the candidate.</summary>
    public IReadOnlyList<RolloutReplica> Replicas { get; init; } = [];

    /// <summary>Processes that ended while they loaded or served something.</summary>
    public IReadOnlyList<Interruption> Interruptions { get; init; } = [];

    /// <summary>Since the replicas that have the candidate are these, or one that had served it stopped to.</summary>
    public TimeSpan SinceStep { get; init; }

    /// <summary>Since all of them serve it; null while one does not.</summary>
    public TimeSpan? SinceServed { get; init; }

    /// <summary>What the replicas that have the candidate did with it.</summary>
    public VersionCalls Proving { get; init; } = VersionCalls.None;

    /// <summary>What the others did meanwhile with what was there before.</summary>
    public VersionCalls Before { get; init; } = VersionCalls.None;

    /// <summary>What it did in the shadow of what is served.</summary>
    public ShadowCalls Shadowed { get; init; } = new();

    /// <summary>Whether ModelSync runs for long enough, and where nobody is there that lasts for long enough, that who is not there is gone and not about to come back.</summary>
    public bool IsSettled { get; init; } = true;

    /// <summary>What of all that is wanted replicas have served before, in the place of all.</summary>
    public HashSet<Identity> Good { get; init; } = [];

    /// <summary>An operator wishes that it takes no further step.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Of the document that would be published next.</summary>
    public long NextGeneration { get; init; }
}

/// <param name="Versions">What it last said of each content.</param>
internal sealed record RolloutReplica(ReplicaId Id, IReadOnlyDictionary<Identity, VersionStatus> Versions)
{
    /// <summary>Whether it has come as far with them as its part is.</summary>
    public bool Has(IEnumerable<DesiredVersion> versions, RolloutPart part) => part == RolloutPart.Candidate
        ? Serves(versions)
        : versions.Take(1).All(version => Versions.GetValueOrDefault(version.Identity) is { State: AckState.Serving or AckState.Shadowing });

    public bool Serves(IEnumerable<DesiredVersion> versions) =>
        versions.All(version => Versions.GetValueOrDefault(version.Identity) is { State: AckState.Serving });
}
