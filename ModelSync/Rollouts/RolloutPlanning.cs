using Microsoft.Extensions.Options;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Detection;
using ModelPlatform.Sync.Planning;
using ModelPlatform.Sync.Replicas;

namespace ModelPlatform.Sync.Rollouts;

/// <summary>Takes every model one step towards what is wanted of it, each on its own. Of the reconcile loop alone.</summary>
internal sealed class RolloutPlanning(ReplicaRegistry registry, KnownGood known, Releases releases, IOptions<RolloutOptions> options, TimeProvider time)
{
    private RolloutPolicies _policies = new();
    private RolloutClock _clock = new(time);
    private RolloutCalls _calls = new();
    private long _began = time.GetTimestamp();

    /// <summary>
    /// Called by whoever begins to publish: nobody is known to be away until they had the time to come. How a rollout goes on, for how long something is
    /// served and what it did is what this leader sees, and not what it saw when it led the last time.
    /// </summary>
    public void BeginAnew() => (_began, IsSettling, _clock, _calls, _policies) = (time.GetTimestamp(), true, new RolloutClock(time), new RolloutCalls(), new RolloutPolicies());

    /// <summary>Whether what was planned last waited for those who may still be about to come: then it is to be planned again.</summary>
    public bool IsSettling { get; private set; } = true;

    /// <param name="generation">Of the document that would be published.</param>
    /// <returns>Null where nothing is known about what may be served.</returns>
    public IReadOnlyDictionary<ModelName, RolloutMove>? Next(RepositorySnapshot seen, DesiredState? published, long generation)
    {
        IsSettling = time.GetElapsedTime(_began) < options.Value.Settle || registry.Deserted < options.Value.Settle;
        if (SyncPlan.Goals(seen, releases.ApplyTo(published), known.All) is not { } goals) return null;
        var (there, ended) = registry.Look();
        var interruptions = ended.ToLookup(interruption => interruption.Model);
        var crashes = ended.Where(interruption => interruption.WasLoading).Select(interruption => interruption.Model).ToHashSet();
        var staying = there.Where(replica => !replica.IsLeaving).OrderBy(replica => replica.Id).ToList();
        var moves = new SortedDictionary<ModelName, RolloutMove>();
        foreach (var (name, goal) in goals)
        {
            var current = published?.Models.GetValueOrDefault(name);
            moves.Add(name, RolloutSteps.Next(current, goal, Situation(name, current, goal)));
        }
        return moves;

        RolloutSituation Situation(ModelName name, DesiredModel? current, DesiredModel goal)
        {
            // Of most models there is nothing to say, and there may be hundreds, and a thousand replicas.
            var isConcerned = RolloutSteps.Concern(current, goal) || crashes.Contains(name);
            var replicas = isConcerned ? staying.ConvertAll(replica => new RolloutReplica(replica.Id, replica.Of(name))) : [];
            var (proving, before) = _calls.Look(name, current, replicas);
            var (sinceStep, sinceServed) = _clock.Look(name, current, IsServed(current, replicas));
            var (policy, isToWait) = _policies.Look(name, seen.Models.GetValueOrDefault(name), current);
            return new RolloutSituation
            {
                Policy = policy,
                Replicas = replicas,
                Interruptions = [.. interruptions[name]],
                SinceStep = sinceStep,
                SinceServed = sinceServed,
                Proving = proving,
                Before = before,
                Shadowed = ShadowedBy(current, replicas),
                IsSettled = !IsSettling,
                Good = isConcerned ? [.. goal.Versions.Where(version => known.All.ContainsKey(GoodVersion.Of(name, version))).Select(version => version.Identity)] : [],
                IsPaused = seen.Wishes?.Paused(name) == true || isToWait,
                NextGeneration = generation,
            };
        }
    }

    private static ShadowCalls ShadowedBy(DesiredModel? current, IReadOnlyList<RolloutReplica> replicas) => current?.Proved is not [var proved, ..] ? new() : replicas
        .Where(replica => current.Replicas.ContainsKey(replica.Id))
        .Select(replica => replica.Versions.GetValueOrDefault(proved.Identity)?.Shadow)
        .Aggregate(new ShadowCalls(), (sum, calls) => calls is null ? sum : sum.Plus(calls));

    private static bool IsServed(DesiredModel? current, IReadOnlyList<RolloutReplica> replicas) =>
        current is { Candidate: not null, Proved: var proved }
        && replicas.All(replica => !current.Replicas.TryGetValue(replica.Id, out var part) || replica.Has(proved, part));
}
