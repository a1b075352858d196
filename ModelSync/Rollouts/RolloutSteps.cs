using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Rollouts;

/// <summary>
/// The next step of one model's rollout, as a function of what is published, what is wanted and what replicas say; at most one step at a time. All that
/// a rollout has come to stands in the document, so that whoever plans next goes on from there.
/// </summary>
internal static class RolloutSteps
{
    /// <param name="current">As published; null where the model is not.</param>
    /// <param name="goal">What every replica is to serve in the end.</param>
    public static RolloutMove Next(DesiredModel? current, DesiredModel goal, RolloutSituation now)
    {
        if (goal.Versions.Count == 0) return new RolloutMove(goal);
        if (current is null || current.Versions.Count == 0)
        {
            // Nothing is known to be better.
            if (goal.Fallback.Count == 0 || goal.Versions.All(version => now.Good.Contains(version.Identity))) return new RolloutMove(goal, HistoryKind.Live, goal.Versions[0]);
            current = goal with { Versions = goal.Fallback, Fallback = [] };
        }
        var isNews = !AreSame(current.Versions, goal.Versions);
        if (!isNews && current.Candidate is { } given) return new RolloutMove(goal, HistoryKind.Abandoned, given.Versions[0]);
        if (!isNews) return RolloutFailure.FindCrashLoop(goal, now) is var (crashing, cause) ? Withdraw(goal, crashing, cause) : new RolloutMove(goal);
        if (current.NewIn(goal.Versions) is not [var proved, ..]) return new RolloutMove(goal, HistoryKind.Live, goal.Versions[0]);

        var kept = current with { Transition = goal.Transition, Quarantine = goal.Quarantine };
        if (current.Candidate is { } candidate && AreSame(candidate.Versions, goal.Versions))
            return Continue(kept with { Candidate = candidate with { Versions = goal.Versions } }, goal, now);
        if (now.IsPaused || !now.IsSettled) return new RolloutMove(kept);
        if (now.Replicas.Count == 0) return new RolloutMove(goal, HistoryKind.Live, goal.Versions[0]);

        var first = now.Replicas.OrderByDescending(replica => current.Replicas.ContainsKey(replica.Id)).Take(now.Policy.First).Select(replica => replica.Id).ToList();
        var begun = new Candidate(goal.Versions, now.NextGeneration) { Shadow = now.Policy.Shadow };
        var part = begun.Shadow is null ? RolloutPart.Candidate : RolloutPart.Shadow;
        return new RolloutMove(kept with { Candidate = begun, Replicas = Given(first, part) }, HistoryKind.Started, proved, Replicas: first);
    }

    /// <summary>Whether replicas have a say in it.</summary>
    public static bool Concern(DesiredModel? current, DesiredModel goal) =>
        current is null ? goal.Fallback.Count > 0 : current.Candidate is not null || !AreSame(current.Versions, goal.Versions);

    private static RolloutMove Continue(DesiredModel current, DesiredModel goal, RolloutSituation now)
    {
        var proved = current.Proved;
        var having = now.Replicas.Where(replica => current.Replicas.ContainsKey(replica.Id)).ToList();
        if (RolloutFailure.Find(current, proved, having, now) is var (version, reason)) return RollBack(current, version, reason);

        // Whoever comes back, or comes in their place, goes on with it. For replicas that only read the document it is the proved version that is safe.
        if (now.Replicas.Count == 0) return new RolloutMove(current);
        // One that has it and is not there may be about to come back; later it is gone and counts no more.
        var isComplete = having.Count == current.Replicas.Count || now.IsSettled;
        if (!isComplete || having.Any(replica => !replica.Has(proved, current.Replicas[replica.Id]))) return new RolloutMove(current);
        if (having.Exists(replica => current.Replicas[replica.Id] == RolloutPart.Shadow)) return LeaveShadow(current, proved[0], having, now);
        if (now.IsPaused || IsBaking(having.Count, now)) return new RolloutMove(current);

        var left = now.Replicas.Where(replica => !current.Replicas.ContainsKey(replica.Id)).Select(replica => replica.Id).ToList();
        if (having.Count == 0 && left.Count > 0) return Step(left.Take(now.Policy.First));
        if (left.Count > 0) return Step(left.Take(now.Policy.AtOnce ?? left.Count));
        return new RolloutMove(goal, HistoryKind.Live, proved[0]);

        RolloutMove Step(IEnumerable<ReplicaId> next)
        {
            var given = next.ToList();
            return new RolloutMove(current with { Replicas = Given(having.Select(replica => replica.Id).Concat(given)) }, HistoryKind.Stepped, proved[0], Replicas: given);
        }
    }

    private static RolloutMove LeaveShadow(DesiredModel current, DesiredVersion proved, List<RolloutReplica> having, RolloutSituation now)
    {
        var plan = current.Candidate!.Shadow!;
        if (!(now.SinceServed >= (plan.For ?? ShadowPlan.DefaultFor))) return new RolloutMove(current);
        if (ShadowVerdict.Find(plan, now.Shadowed) is { } reason) return RollBack(current, proved, reason);
        var given = having.Select(replica => replica.Id).ToList();
        return now.IsPaused ? new RolloutMove(current) : new RolloutMove(current with { Replicas = Given(given) }, HistoryKind.Stepped, proved, Replicas: given);
    }

    private static bool IsBaking(int having, RolloutSituation now) =>
        having > 0 && having <= now.Policy.First && now.Policy.Bake is { } bake && !(now.SinceServed >= bake);

    private static RolloutMove RollBack(DesiredModel current, DesiredVersion version, string reason) => new(
        current with { Candidate = null, Replicas = DesiredModel.NoReplicas, Quarantine = [.. current.Quarantine, new QuarantinedVersion(version, reason)] },
        HistoryKind.RolledBack, version, reason, [.. current.Replicas.Keys]);

    /// <summary>Of a version that was published without proof, because there was none before it.</summary>
    private static RolloutMove Withdraw(DesiredModel goal, DesiredVersion version, string reason) => new(
        goal with { Versions = [.. goal.Versions.Where(other => other != version)], Quarantine = [.. goal.Quarantine, new QuarantinedVersion(version, reason)] },
        HistoryKind.RolledBack, version, reason);

    private static bool AreSame(IReadOnlyList<DesiredVersion> one, IReadOnlyList<DesiredVersion> other) =>
        one.Select(version => (version.Version, version.Identity)).SequenceEqual(other.Select(version => (version.Version, version.Identity)));

    private static SortedDictionary<ReplicaId, RolloutPart> Given(IEnumerable<ReplicaId> replicas, RolloutPart part = RolloutPart.Candidate) =>
        new(replicas.ToDictionary(replica => replica, _ => part));
}
