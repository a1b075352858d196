using ModelPlatform.Repository.Naming;
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
    IReadOnlySet<VersionKey> Loaded, IReadOnlyList<VersionKey> Served, IReadOnlySet<Identity> Rejected, IReadOnlySet<Identity> Waiting);

/// <param name="Serve">What is to answer requests from now on; everything else in memory is to go.</param>
/// <param name="Load">What to load next, or null.</param>
internal sealed record ReloadStep(IReadOnlyList<VersionKey> Serve, DesiredVersion? Load);

/// <summary>
/// Decides, from what is wanted and what is there, without doing anything. The old version goes only once a wanted one, or the fallback
/// of a wanted one that was rejected, is there to take its place.
/// </summary>
internal static class ReloadPlan
{
    public static ReloadStep Next(DesiredModel? wanted, ModelProgress progress)
    {
        if (wanted is null) return new ReloadStep([], null);

        var goals = wanted.Versions.Where(IsFit).ToList();
        if (goals.Count == 0) goals = [.. wanted.Fallback.Where(IsFit)];

        var reached = goals.Select(VersionKey.Of).Where(progress.Loaded.Contains).ToList();
        var next = goals.FirstOrDefault(IsLoadable);
        if (reached.Count > 0) return new ReloadStep(reached, next);
        if (progress.Served.Count > 0) return new ReloadStep(progress.Served, next);

        // Nothing answers yet and the goal cannot be had for now: the fallback is better than nothing.
        var stopgap = wanted.Fallback.FirstOrDefault(fallback => progress.Loaded.Contains(VersionKey.Of(fallback)));
        return stopgap is not null
            ? new ReloadStep([VersionKey.Of(stopgap)], next)
            : new ReloadStep([], next ?? wanted.Fallback.Where(IsFit).FirstOrDefault(IsLoadable));

        bool IsFit(DesiredVersion version) => !progress.Rejected.Contains(version.Identity);
        bool IsLoadable(DesiredVersion version) => !progress.Loaded.Contains(VersionKey.Of(version)) && !progress.Waiting.Contains(version.Identity);
    }
}
