using System.Text.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Operating;

/// <summary>What is published, wished and said by replicas, put together for operators. Pure.</summary>
internal static class ModelReport
{
    public static IReadOnlyList<ModelStatus> Models(DesiredState published, ModelOverrides wishes, IReadOnlyList<ReplicaStatus> replicas)
    {
        var connected = replicas.Where(replica => replica.Connected).ToList();
        return [.. published.Models.Keys.Concat(wishes.Models.Keys).Distinct().Order().Select(name => Model(name, published.Models.GetValueOrDefault(name), wishes, connected))];
    }

    public static IReadOnlyList<RolloutStatus> Rollouts(DesiredState published, ModelOverrides wishes, IReadOnlyList<ReplicaStatus> replicas)
    {
        var connected = replicas.Where(replica => replica.Connected).ToList();
        return [.. published.Models.Where(model => model.Value.Candidate is not null).OrderBy(model => model.Key).Select(model =>
        {
            var (candidate, given) = (model.Value.Candidate!, connected.Where(replica => Has(model.Value, replica)).ToList());
            return new RolloutStatus(
                model.Key, Numbers(model.Value.Versions), Numbers(candidate.Versions), candidate.Generation, Ids(given),
                Ids(given.Where(replica => candidate.Versions.All(version => StateOf(replica, model.Key, version) == AckState.Serving))),
                Ids(connected.Except(given)), Ids(connected.Where(replica => Has(model.Value, replica, RolloutPart.Shadow))), wishes.Paused(model.Key), candidate.Traceparent);
        })];
    }

    private static ModelStatus Model(ModelName name, DesiredModel? desired, ModelOverrides wishes, List<ReplicaStatus> connected)
    {
        IReadOnlyList<DesiredVersion> wanted = desired?.Versions ?? [], candidate = desired?.Candidate?.Versions ?? [], fallback = desired?.Fallback ?? [];
        var quarantine = desired?.Quarantine ?? [];
        var known = wanted.Concat(candidate).Concat(fallback).Concat(quarantine.Select(held => held.Version)).Select(version => (version.Version, version.Identity));
        var had = connected.SelectMany(replica => replica.Models.GetValueOrDefault(name) ?? NoVersions).Select(said => (said.Key, said.Value.Identity));
        var versions = new SortedDictionary<ModelVersion, VersionReplicas>();
        foreach (var (version, identity) in known.Concat(had))
        {
            if (!versions.ContainsKey(version)) versions.Add(version, new VersionReplicas(identity, Given(identity), States(version, identity)));
        }
        return new ModelStatus(
            name, Numbers(wanted), Numbers(candidate), [.. quarantine.Select(held => new QuarantineStatus(held.Version.Version, held.Version.Identity, held.Reason))], versions,
            wishes.Unload(name), wishes.Paused(name), wishes.Pin(name), fallback is [var good, ..] ? good.Version : null, PinObstacle.Of(wishes.Of(name), desired));

        List<string> Given(Identity identity) =>
            [.. Ids(connected.Where(replica => desired is not null && (Has(desired, replica) ? candidate : wanted).Any(version => version.Identity == identity)))];

        Dictionary<string, IReadOnlyList<string>> States(ModelVersion version, Identity identity) => connected
            .Select(replica => (replica.Id, Said: replica.Models.GetValueOrDefault(name)?.GetValueOrDefault(version)))
            .Where(replica => replica.Said?.Identity == identity)
            .GroupBy(replica => replica.Said!.State, replica => replica.Id)
            .OrderBy(state => state.Key)
            .ToDictionary(state => JsonNamingPolicy.CamelCase.ConvertName(state.Key.ToString()), state => (IReadOnlyList<string>)[.. state]);
    }

    private static IReadOnlyDictionary<ModelVersion, VersionStatus> NoVersions { get; } = new Dictionary<ModelVersion, VersionStatus>();

    private static bool Has(DesiredModel model, ReplicaStatus replica, RolloutPart wanted = RolloutPart.Candidate) =>
        ReplicaId.TryParse(replica.Id, out var id) && model.Replicas.TryGetValue(id, out var part) && part == wanted;

    private static AckState? StateOf(ReplicaStatus replica, ModelName model, DesiredVersion version) =>
        replica.Models.GetValueOrDefault(model)?.GetValueOrDefault(version.Version) is { } said && said.Identity == version.Identity ? said.State : null;

    private static IReadOnlyList<ModelVersion> Numbers(IEnumerable<DesiredVersion> versions) => [.. versions.Select(version => version.Version)];

    private static IReadOnlyList<string> Ids(IEnumerable<ReplicaStatus> replicas) => [.. replicas.Select(replica => replica.Id)];
}
