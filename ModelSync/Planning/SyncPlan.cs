using System.Text.Json;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Detection;

namespace ModelPlatform.Sync.Planning;

using Known = IReadOnlyDictionary<GoodVersion, ModelSignature?>;
using Models = IReadOnlyDictionary<ModelName, DesiredModel>;

/// <summary>What to publish, as a function of what the repository offers, what operators wish, what is published and what replicas have served.</summary>
internal static class SyncPlan
{
    /// <summary>The next document's models, or null when they are what is published.</summary>
    public static Models? Next(RepositorySnapshot seen, DesiredState? published, Known known)
    {
        if (seen.Wishes is not { } wishes) return null;
        var current = (published ?? DesiredState.Empty).Models;
        var next = new SortedDictionary<ModelName, DesiredModel>();
        foreach (var (name, model) in seen.Models)
        {
            if (!wishes.Unload(name) && Next(name, model, current.GetValueOrDefault(name), known) is { } desired) next.Add(name, desired);
        }
        // Only a wish empties the document: an empty listing is far more often a fault.
        if (next.Count == 0)
        {
            foreach (var (name, model) in current.Where(model => !wishes.Unload(model.Key))) next.Add(name, model);
        }
        var isNews = published is null ? next.Count > 0 || seen.Models.Keys.Any(wishes.Unload) : !AreSame(next, current);
        return isNews ? next : null;
    }

    private static DesiredModel? Next(ModelName name, ModelSnapshot seen, DesiredModel? current, Known known)
    {
        var offered = seen.Committed.Select(version => version.Desired.IsFlat ? Numbered(version, current) : version).ToList();
        var committed = offered.ToDictionary(version => version.Desired.Version);
        var wanted = (seen.Policy?.Versions.From(committed.Keys) ?? []).Select(version => committed[version]).ToList();
        if (wanted.Count == 0) return current;
        return new DesiredModel
        {
            Versions = [.. wanted.Select(version => version.Desired)],
            Fallback = Fallback(name, offered.Except(wanted), current, known),
            Transition = seen.Policy!.Transition,
            Signature = Signature(name, wanted, current, known),
        };
    }

    /// <summary>In the flat form a content keeps the number under which it was published, and another one has a higher number, whatever the dates are.</summary>
    private static CommittedVersion Numbered(CommittedVersion flat, DesiredModel? current)
    {
        var published = current?.Versions.FirstOrDefault(version => version.Identity == flat.Desired.Identity)?.Version;
        return flat with { Desired = flat.Desired with { Version = published ?? AboveAll(current?.Versions ?? []) } };

        ModelVersion AboveAll(IEnumerable<DesiredVersion> before)
        {
            var last = before.Select(version => version.Version.Number).DefaultIfEmpty(0).Max();
            // There is no number above the highest; the identity still tells the two apart.
            return last < flat.Desired.Version.Number ? flat.Desired.Version : new ModelVersion(Math.Min(last, long.MaxValue - 1) + 1);
        }
    }

    private static IReadOnlyList<DesiredVersion> Fallback(ModelName name, IEnumerable<CommittedVersion> unwanted, DesiredModel? current, Known known) =>
        [.. unwanted.Select(version => version.Desired)
            .Where(version => known.ContainsKey(Of(name, version)) || current?.Fallback.Any(kept => Of(name, kept) == Of(name, version)) == true)
            .OrderByDescending(version => version.Version)
            .Take(1)];

    private static ModelSignature? Signature(ModelName name, List<CommittedVersion> wanted, DesiredModel? current, Known known)
    {
        var served = wanted.Where(version => known.ContainsKey(Of(name, version.Desired))).ToList();
        var changed = served.Where(version => version.SignatureChange).Select(SignatureOf).FirstOrDefault(signature => signature is not null);
        if (changed is not null) return changed;

        // Back to a version that was good before the signature changed: what holds now must not keep it out. Its own may be forgotten since a restart.
        var answering = Of(name, wanted[0].Desired);
        if (current is not null && !Holds(current.Versions, answering) && (known.ContainsKey(answering) || Holds(current.Fallback, answering)))
            return known.GetValueOrDefault(answering);

        return current?.Signature ?? served.Select(SignatureOf).FirstOrDefault(signature => signature is not null);

        ModelSignature? SignatureOf(CommittedVersion version) => known[Of(name, version.Desired)];

        bool Holds(IReadOnlyList<DesiredVersion> versions, GoodVersion wanted) => versions.Any(version => Of(name, version) == wanted);
    }

    private static GoodVersion Of(ModelName name, DesiredVersion version) => new(name, version.Version, version.Identity);

    // By their JSON: the records hold lists, which compare by reference.
    private static bool AreSame(Models one, Models other) => Json(one).AsSpan().SequenceEqual(Json(other));

    private static byte[] Json(Models models) =>
        JsonSerializer.SerializeToUtf8Bytes(DesiredState.Empty with { Models = models }, RepositoryJson.Default.DesiredState);
}
