using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Detection;

namespace ModelPlatform.Sync.Rollouts;

/// <summary>
/// How each model's rollout goes on. While its serving.json cannot be read it is what was read last, and never less careful than that. Of the reconcile loop alone.
/// </summary>
internal sealed class RolloutPolicies
{
    private static readonly RolloutPlan Unknown = new() { Timeout = TimeSpan.MaxValue };

    private readonly Dictionary<ModelName, RolloutPlan> _read = [];

    /// <returns>Whether to wait: nobody knows, or nothing of the model can be seen, which is far more often a fault than a wish.</returns>
    public (RolloutPlan Plan, bool IsToWait) Look(ModelName name, ModelSnapshot? seen, DesiredModel? current)
    {
        if (seen?.Policy is { } policy) _read[name] = policy.Rollout;
        // What is pinned is wanted whatever serving.json says.
        else if (seen is not null && current?.Candidate is null) _read.TryAdd(name, new RolloutPlan());
        var plan = _read.GetValueOrDefault(name, Unknown);
        return (plan, plan == Unknown || seen is not { Committed.Count: > 0 });
    }
}
