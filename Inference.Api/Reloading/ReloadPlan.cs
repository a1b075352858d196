using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Reloading;

/// <summary>One content under one number: the same content published anew is another version, and is answered for as such.</summary>
internal sealed record VersionKey(ModelVersion Version, Identity Identity)
{
    public static VersionKey Of(DesiredVersion version) => new(version.Version, version.Identity);
}

/// <summary>What a replica knows of one model's versions.</summary>
/// <param name="Loaded">In memory.</param>
/// <param name="Served">Answering requests; the first by default.</param>
/// <param name="Rejected">Refused for their content, for ever.</param>
/// <param name="Waiting">Failed for other reasons and not to be tried again yet.</param>
internal sealed record ModelProgress(
    IReadOnlySet<VersionKey> Loaded, IReadOnlyList<VersionKey> Served, IReadOnlySet<Identity> Rejected, IReadOnlySet<Identity> Waiting)
{
    /// <summary>Let go for a version that has not come since: better than nothing.</summary>
    public IReadOnlyList<DesiredVersion> Displaced { get; init; } = [];

    /// <summary>Others were let go for these before, in vain.</summary>
    public IReadOnlySet<Identity> InVain { get; init; } = new HashSet<Identity>();
}

/// <param name="Serve">What is to answer requests from now on; everything else in memory is to go.</param>
/// <param name="Load">What to load next, or null.</param>
/// <param name="LetGo">What is to leave memory before that is loaded, but not before it is known to be worth it.</param>
internal sealed record ReloadStep(IReadOnlyList<VersionKey> Serve, DesiredVersion? Load, IReadOnlyList<VersionKey> LetGo);

/// <summary>
/// Decides, from what is wanted and what is there, without doing anything. The old version goes only once a wanted one, or the fallback
/// of a wanted one that was rejected, is there to take its place; unless the model asks for memory first. A version for which others went in
/// vain is then tried beside them: a model must not be taken down again and again.
/// </summary>
internal static class ReloadPlan
{
    public static ReloadStep Next(DesiredModel? wanted, ModelProgress progress)
    {
        if (wanted is null) return new ReloadStep([], null, []);

        var spares = wanted.Fallback.Concat(progress.Displaced).DistinctBy(VersionKey.Of).Where(IsFit).ToList();
        var goals = wanted.Versions.Where(IsFit).ToList();
        if (goals.Count == 0) goals = [.. spares.Take(1)];

        var reached = goals.Select(VersionKey.Of).Where(progress.Loaded.Contains).ToList();
        var next = goals.FirstOrDefault(IsLoadable);
        if (reached.Count > 0) return Step(reached, next ?? Shadow());
        if (progress.Served.Count > 0) return Step(progress.Served, next);

        // Nothing answers yet and the goal cannot be had for now: a spare one is better than nothing.
        var stopgap = spares.FirstOrDefault(spare => progress.Loaded.Contains(VersionKey.Of(spare)));
        return stopgap is not null ? Step([VersionKey.Of(stopgap)], next) : Step([], next ?? spares.FirstOrDefault(IsLoadable));

        bool IsFit(DesiredVersion version) => !progress.Rejected.Contains(version.Identity);
        bool IsLoadable(DesiredVersion version) => !progress.Loaded.Contains(VersionKey.Of(version)) && !progress.Waiting.Contains(version.Identity);

        // Last of all: nobody waits for it.
        DesiredVersion? Shadow() => wanted.Shadowed is { } shadow && IsFit(shadow) && IsLoadable(shadow) ? shadow : null;

        ReloadStep Step(IReadOnlyList<VersionKey> serve, DesiredVersion? load)
        {
            var makesRoom = wanted.Transition == Transition.Memory && load is not null && !progress.InVain.Contains(load.Identity);
            return new ReloadStep(serve, load, makesRoom ? [.. serve.Except(goals.Select(VersionKey.Of))] : []);
        }
    }
}
