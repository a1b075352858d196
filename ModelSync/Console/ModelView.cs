using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Operating;

namespace ModelPlatform.Sync.Console;

/// <param name="Says">How it is, in one sentence or two.</param>
/// <param name="Wishes">Of operators, in a sentence; null where they have none.</param>
/// <param name="Before">The version to roll back to; null where none is known to be good.</param>
public sealed record ModelView(ModelName Name, string Says, string? Wishes, IReadOnlyList<VersionView> Versions, RolloutView? Rollout, ModelVersion? Before, ModelVersion? Pin, bool IsPaused)
{
    /// <param name="replicas">Those that are connected.</param>
    public static ModelView Of(ModelName name, DesiredModel model, ModelOverrides wishes, IReadOnlyList<ReplicaStatus> replicas)
    {
        IReadOnlyList<DesiredVersion> proved = model.Candidate is { } candidate ? model.NewIn(candidate.Versions) : [];
        var rollout = model.Candidate is null ? null : RolloutView.Of(name, model, proved, replicas);
        return new ModelView(
            name,
            wishes.Unload(name) ? "It is unloaded: no replica is to serve it." : rollout?.Says ?? SaysOf(name, model, replicas),
            PinObstacle.Of(wishes.Of(name), model) is { } obstacle ? $"{SaysOf(wishes, name)} {obstacle}" : SaysOf(wishes, name),
            [
                .. View(proved, VersionRole.Candidate),
                .. View(model.Versions, VersionRole.Wanted),
                .. View(model.Fallback, VersionRole.Fallback),
                .. model.Quarantine.Select(refused => VersionView.Of(name, refused.Version, VersionRole.Quarantined, replicas, refused.Reason)),
            ],
            rollout,
            (rollout is null ? model.Fallback : model.Versions) is [var before, ..] ? before.Version : null,
            wishes.Pin(name),
            wishes.Paused(name));

        IEnumerable<VersionView> View(IEnumerable<DesiredVersion> versions, VersionRole role) => versions.Select(version => VersionView.Of(name, version, role, replicas));
    }

    private static string? SaysOf(ModelOverrides wishes, ModelName name) => (wishes.Pin(name), wishes.Paused(name)) switch
    {
        (null, false) => null,
        (null, true) => "Operators have paused its rollouts.",
        ({ } pin, false) => $"Operators have pinned it to version {pin}.",
        ({ } pin, true) => $"Operators have pinned it to version {pin} and paused its rollouts.",
    };

    private static string SaysOf(ModelName name, DesiredModel model, IReadOnlyList<ReplicaStatus> replicas)
    {
        if (model.Versions.Count == 0) return "No version of it can be served.";
        var serving = replicas.Count(replica => model.Versions.All(version => VersionView.IsServedBy(replica, name, version)));
        var (versions, them) = model.Versions.Count == 1 ? ("Version", "it") : ("Versions", "them");
        return $"{versions} {string.Join(", ", model.Versions.Select(version => version.Version))}: {serving} of {replicas.Count} replicas serve {them}.";
    }
}
