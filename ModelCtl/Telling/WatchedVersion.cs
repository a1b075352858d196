using System.Globalization;
using ModelPlatform.Cli.Listing;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Cli.Telling;

/// <summary>A version as <c>modelctl watch</c> shows it at one moment. Pure.</summary>
/// <param name="Role">As in <c>modelctl status</c>; null where replicas have it still.</param>
/// <param name="Replicas">How many replicas are in which state, and why it is quarantined.</param>
internal sealed record WatchedVersion(ModelName Model, ModelVersion Version, string? Role, int Given, string Replicas)
{
    private const int LongestReason = 200;

    private const string Serving = "serving";

    public static IReadOnlyList<WatchedVersion> Of(IEnumerable<ModelStatus> models) =>
    [
        .. from model in models
           from version in model.Replicas
           orderby model.Model, version.Key descending
           select new WatchedVersion(model.Model, version.Key, RoleOf(model, version.Key), version.Value.Given.Count, Words(model, version.Key, version.Value)),
    ];

    /// <summary>No rollout runs, and whoever is to serve a version does.</summary>
    public static bool IsDone(IReadOnlyList<ModelStatus> models) => models.All(model =>
        model.Candidate.Count == 0 && model.Versions.All(version => model.Replicas.GetValueOrDefault(version) is not { } replicas || replicas.Given.All(HasIt(replicas))));

    private static Func<string, bool> HasIt(VersionReplicas replicas) => replica => replicas.States.GetValueOrDefault(Serving)?.Contains(replica) == true;

    private static string? RoleOf(ModelStatus model, ModelVersion version) =>
        model.Versions.Contains(version) ? RepositoryListing.Wanted
        : model.Candidate.Contains(version) ? RepositoryListing.Candidate
        : model.Fallback == version ? RepositoryListing.Fallback
        : model.Quarantine.Any(held => held.Version == version) ? RepositoryListing.Quarantined
        : null;

    private static string Words(ModelStatus model, ModelVersion version, VersionReplicas replicas)
    {
        var states = replicas.States.Select(state => string.Create(CultureInfo.InvariantCulture, $"{state.Value.Count} {Quoted.Of(state.Key)}"));
        var reason = model.Quarantine.Where(held => held.Version == version).Select(held => Quoted.Of(held.Reason, LongestReason));
        var paused = model.Paused && model.Candidate.Contains(version) ? (string[])["paused"] : [];
        return string.Join(", ", states.Concat(paused).Concat(reason)) is { Length: > 0 } words ? words : "-";
    }
}
