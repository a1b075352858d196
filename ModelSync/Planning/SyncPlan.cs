using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Detection;

namespace ModelPlatform.Sync.Planning;

using Known = IReadOnlyDictionary<GoodVersion, ModelSignature?>;
using Models = IReadOnlyDictionary<ModelName, DesiredModel>;

/// <summary>
/// What every replica is to serve in the end, as a function of what the repository offers, what operators wish, what is published and what replicas have served.
/// </summary>
internal static class SyncPlan
{
    /// <returns>Null where nothing is known about what may be served.</returns>
    public static Models? Goals(RepositorySnapshot seen, DesiredState? state, Known known)
    {
        if (seen.Wishes is not { } wishes) return null;
        var current = (state ?? DesiredState.Empty).Models;
        var next = new SortedDictionary<ModelName, DesiredModel>();
        foreach (var (name, model) in seen.Models)
        {
            var published = current.GetValueOrDefault(name);
            var desired = wishes.Unload(name) ? Unloaded(QuarantineOf(published, Complete(model, published))) : Next(name, model, wishes.Pin(name), published, known);
            if (desired is not null) next.Add(name, desired);
        }
        // Only a wish empties the document: an empty listing is far more often a fault.
        if (next.Values.All(model => model.IsIdle))
        {
            foreach (var (name, model) in current)
            {
                // Of a model that is listed the listing says which blobs are as they were.
                var kept = wishes.Unload(name) ? Unloaded(seen.Models.ContainsKey(name) ? [] : model.Quarantine) : Unchanged(model);
                if (kept is not null) next.TryAdd(name, kept);
            }
        }
        return next;
    }

    private static DesiredModel? Next(ModelName name, ModelSnapshot seen, ModelVersion? pin, DesiredModel? current, Known known)
    {
        var complete = Complete(seen, current);
        var quarantine = QuarantineOf(current, complete);
        var offered = complete.Where(version => !quarantine.Exists(refused => refused.Holds(version.Desired))).ToList();
        var committed = offered.ToDictionary(version => version.Desired.Version);
        var wanted = Choice(seen, pin).From(committed.Keys).Select(version => committed[version]).ToList();
        if (wanted.Count == 0) return current is null ? null : Unchanged(current) with { Quarantine = quarantine };
        return new DesiredModel
        {
            Versions = [.. wanted.Select(version => version.Desired)],
            Fallback = Fallback(name, offered.Except(wanted), current, known),
            Transition = seen.Policy?.Transition ?? current?.Transition ?? Transition.Availability,
            Signature = Signature(name, wanted, current, known),
            Quarantine = quarantine,
        };
    }

    private static List<CommittedVersion> Complete(ModelSnapshot seen, DesiredModel? current) =>
        [.. seen.Committed.Select(version => version.Desired.IsFlat ? Numbered(version, current) : version)];

    private static List<QuarantinedVersion> QuarantineOf(DesiredModel? current, List<CommittedVersion> complete) =>
        [.. (current?.Quarantine ?? []).Where(refused => complete.Exists(version => refused.Holds(version.Desired)))];

    /// <summary>What is known to be bad is as bad when the model comes back.</summary>
    private static DesiredModel? Unloaded(IReadOnlyList<QuarantinedVersion> quarantine) =>
        quarantine.Count == 0 ? null : new DesiredModel { Versions = [], Quarantine = quarantine };

    private static VersionChoice Choice(ModelSnapshot seen, ModelVersion? pin) =>
        pin is { } pinned ? new VersionChoice { Only = [pinned] } : seen.Policy?.Versions ?? new VersionChoice { Only = [] };

    /// <summary>Where nothing is known that could be wanted instead: what is under way goes on.</summary>
    private static DesiredModel Unchanged(DesiredModel model) => model.Candidate is not { } candidate ? model : model with
    {
        Versions = candidate.Versions,
        Fallback = [.. Proved(model).Concat(model.Fallback).Where(version => candidate.Versions.All(wanted => wanted.Identity != version.Identity)).Take(1)],
        Candidate = null,
        Replicas = DesiredModel.NoReplicas,
    };

    /// <summary>In the flat form a content keeps the number under which it was published, and another one has a higher number, whatever the dates are.</summary>
    private static CommittedVersion Numbered(CommittedVersion flat, DesiredModel? current)
    {
        var before = current is null ? [] : current.Versions.Concat(current.Candidate?.Versions ?? []).Concat(current.Quarantine.Select(refused => refused.Version)).ToList();
        var published = before.FirstOrDefault(version => version.Identity == flat.Desired.Identity)?.Version;
        return flat with { Desired = flat.Desired with { Version = published ?? AboveAll(before) } };

        ModelVersion AboveAll(IEnumerable<DesiredVersion> before)
        {
            var last = before.Select(version => version.Version.Number).DefaultIfEmpty(0).Max();
            // There is no number above the highest; the identity still tells the two apart.
            return last < flat.Desired.Version.Number ? flat.Desired.Version : new ModelVersion(Math.Min(last, long.MaxValue - 1) + 1);
        }
    }

    /// <summary>Of what was good the one that is served now, then the one that was before it, then the highest of all others.</summary>
    private static IReadOnlyList<DesiredVersion> Fallback(ModelName name, IEnumerable<CommittedVersion> unwanted, DesiredModel? current, Known known)
    {
        IReadOnlyList<DesiredVersion> served = current?.Versions ?? [], before = current?.Fallback ?? [], proved = current is null ? [] : Proved(current);
        return [.. unwanted.Select(version => version.Desired)
            .Where(version => known.ContainsKey(GoodVersion.Of(name, version)) || IsAmong(before, version) || IsAmong(proved, version))
            .OrderByDescending(version => IsAmong(served, version))
            .ThenByDescending(version => IsAmong(before, version))
            .ThenByDescending(version => version.Version)
            .Take(1)];
    }

    private static bool IsAmong(IReadOnlyList<DesiredVersion> versions, DesiredVersion wanted) =>
        versions.Any(version => version.Version == wanted.Version && version.Identity == wanted.Identity);

    /// <summary>What was served before a rollout began. By its end no replica has it any more that could say so to a ModelSync which has just begun.</summary>
    private static IReadOnlyList<DesiredVersion> Proved(DesiredModel current) => current is { Candidate: not null, Signature: not null } ? current.Versions : [];

    private static ModelSignature? Signature(ModelName name, List<CommittedVersion> wanted, DesiredModel? current, Known known)
    {
        var served = wanted.Where(version => known.ContainsKey(GoodVersion.Of(name, version.Desired))).ToList();
        var changed = served.Where(version => version.SignatureChange).Select(SignatureOf).FirstOrDefault(signature => signature is not null);
        if (changed is not null) return changed;

        // Back to a version that was good before the signature changed: what holds now must not keep it out. Its own may be forgotten since a restart.
        var answering = GoodVersion.Of(name, wanted[0].Desired);
        if (current is not null && !IsAmong(current.Versions, wanted[0].Desired) && (known.ContainsKey(answering) || IsAmong(current.Fallback, wanted[0].Desired)))
            return known.GetValueOrDefault(answering);

        return current?.Signature ?? served.Select(SignatureOf).FirstOrDefault(signature => signature is not null);

        ModelSignature? SignatureOf(CommittedVersion version) => known[GoodVersion.Of(name, version.Desired)];
    }
}
