using System.Text.Json.Serialization;
using ModelPlatform.Cli.Listing;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Cli.Status;

/// <summary>What is wanted beside what replicas say of it. Pure.</summary>
/// <param name="Settled">Every connected replica serves every wanted version, there is one, and no rollout runs.</param>
/// <param name="Models">What operators wish of each, its rollout and its quarantine.</param>
internal sealed record StatusReport(
    bool Settled, long? Generation, DateTimeOffset? Published, IReadOnlyList<VersionReport> Versions, IReadOnlyList<ReplicaReport> Replicas, IReadOnlyList<RepositoryProblem> Problems,
    IReadOnlyList<ModelStatus> Models)
{
    /// <param name="only">Leaves out what is of other models.</param>
    public static StatusReport Of(
        DesiredState? desired, IReadOnlyList<ReplicaStatus> replicas, IReadOnlyList<RepositoryProblem> problems, ModelName? only = null, IReadOnlyList<ModelStatus>? models = null)
    {
        var roles =
            from model in (desired ?? DesiredState.Empty).Models
            from version in Roles(model.Value)
            select (Id: new ModelId(model.Key, version.Version.Version), version.Version.Identity, version.Role);
        var said =
            from replica in replicas
            from model in replica.Models
            from version in model.Value
            select (Id: new ModelId(model.Key, version.Key), Said: new ReplicaWord(replica.Id, replica.Connected, version.Value.Identity, version.Value.State, version.Value.Reason));
        var wanted = roles.DistinctBy(role => role.Id).ToDictionary(role => role.Id);
        var words = said.ToLookup(word => word.Id, word => word.Said);
        var versions =
            from id in wanted.Keys.Concat(words.Select(word => word.Key)).Distinct()
            where only is null || id.Name == only
            orderby id.Name, id.Version descending
            let role = wanted.GetValueOrDefault(id)
            let identity = role.Identity ?? words[id].First().Identity
            select new VersionReport(id.Name, id.Version, role.Role, identity, [.. words[id]]);
        var connected = replicas.Count(replica => replica.Connected);
        List<VersionReport> reports = [.. versions];
        return new StatusReport(
            desired is not null && connected > 0 && reports.All(version => version.Desired switch
            {
                RepositoryListing.Wanted => version.ServedBy == connected,
                RepositoryListing.Candidate => false,
                _ => true,
            }),
            desired?.Generation, desired?.Published, reports,
            [.. replicas.Select(replica => new ReplicaReport(replica.Id, replica.Connected, replica.Generation, replica.Address, replica.GrpcAddress, replica.Pid))],
            [.. problems.Where(problem => only is null || IsOf(only, problem.Blob))],
            [.. (models ?? []).Where(model => only is null || model.Model == only)]);
    }

    // Where a version has two of them the first one counts.
    private static IEnumerable<(DesiredVersion Version, string Role)> Roles(DesiredModel model) =>
    [
        .. model.Versions.Select(version => (version, RepositoryListing.Wanted)),
        .. (model.Candidate?.Versions ?? []).Select(version => (version, RepositoryListing.Candidate)),
        .. model.Fallback.Select(version => (version, RepositoryListing.Fallback)),
        .. model.Quarantine.Select(held => (held.Version, RepositoryListing.Quarantined)),
    ];

    private static bool IsOf(ModelName model, string blob) => BlobPlace.Of(blob).Owner == model || blob.StartsWith($"{model}/", StringComparison.Ordinal);
}

/// <param name="Desired">wanted, candidate, fallback or quarantined; null where replicas have it although it is neither any more.</param>
internal sealed record VersionReport(ModelName Model, ModelVersion Version, string? Desired, Identity Identity, IReadOnlyList<ReplicaWord> Replicas)
{
    /// <summary>Connected replicas that serve exactly this content.</summary>
    public int ServedBy => Replicas.Count(replica => replica.Connected && replica.State == AckState.Serving && replica.Identity == Identity);
}

/// <summary>What one replica said last of a version.</summary>
internal sealed record ReplicaWord(string Id, bool Connected, Identity Identity, AckState State, string? Reason);

internal sealed record ReplicaReport(string Id, bool Connected, long Generation, string? Address, string? GrpcAddress, int? Pid);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(StatusReport))]
internal sealed partial class StatusJson : JsonSerializerContext;
