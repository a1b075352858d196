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
    private readonly RolloutClock _clock = new(time);
    private readonly RolloutCalls _calls = new();
    private long _began = time.GetTimestamp();

    /// <summary>Called by whoever begins to publish: nobody is known to be away until they had the time to come.</summary>
    public void BeginAnew() => (_began, IsSettling) = (time.GetTimestamp(), true);

    /// <summary>Whether what was planned last waited for those who may still be about to come: then it is to be planned again.</summary>
    public bool IsSettling { get; private set; } = true;

    /// <param name="generation">Of the document that would be published.</param>
    /// <returns>Null where nothing is known about what may be served.</returns>
    public IReadOnlyDictionary<ModelName, RolloutMove>? Next(RepositorySnapshot seen, DesiredState? published, long generation)
    {
        IsSettling = time.GetElapsedTime(_began) < options.Value.Settle;
        if (SyncPlan.Goals(seen, releases.ApplyTo(published), known.All) is not { } goals) return null;
        var (there, interruptions) = registry.Look();
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
            var concerned = RolloutSteps.Concern(current, goal) || interruptions.Any(interruption => interruption.Model == name) ? staying : [];
            var replicas = concerned.Select(replica => new RolloutReplica(replica.Id, replica.Of(name))).ToList();
            var (proving, before) = _calls.Look(name, current, replicas);
            var (sinceStep, sinceServed) = _clock.Look(name, current, IsServed(current, replicas));
            return new RolloutSituation
            {
                Policy = seen.Models.GetValueOrDefault(name)?.Policy?.Rollout ?? new(),
                Replicas = replicas,
                Interruptions = [.. interruptions.Where(interruption => interruption.Model == name)],
                SinceStep = sinceStep,
                SinceServed = sinceServed,
                Proving = proving,
                Before = before,
                Shadowed = ShadowedBy(current, replicas),
                IsSettled = !IsSettling,
                IsGoalKnownGood = current is not { Versions.Count: > 0 } && goal.Versions.All(version => known.All.ContainsKey(GoodVersion.Of(name, version))),
                IsPaused = seen.Wishes?.Paused(name) == true,
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
