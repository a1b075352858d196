using ModelPlatform.Cli.Storage;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Cli.Deleting;

/// <summary>The blobs to delete, in the order that lets nothing half deleted be served. Pure.</summary>
/// <param name="Commits">One after the other: a flat model first, which must not take over from versions, then each model.json from the oldest version on, so that no older one comes up.</param>
/// <param name="Others">In any order, after those.</param>
/// <param name="Incomplete">Versions without a model.json: somebody may be uploading them.</param>
/// <param name="Foreign">In the model's folder, but of no form that is known: left alone.</param>
internal sealed record DeletePlan(IReadOnlyList<StoredBlob> Commits, IReadOnlyList<StoredBlob> Others, IReadOnlyList<ModelId> Incomplete, IReadOnlyList<StoredBlob> Foreign)
{
    public int Count => Commits.Count + Others.Count;

    public long Bytes => Commits.Concat(Others).Sum(blob => blob.Bytes);

    public static DeletePlan Of(ModelTarget target, IEnumerable<StoredBlob> listed)
    {
        var placed = listed.Select(blob => (Blob: blob, Place: BlobPlace.Of(blob.Name))).ToList();
        var mine = placed.Where(entry => target.Holds(entry.Place)).ToList();
        var files = mine.Select(entry => entry.Place).OfType<BlobPlace.VersionFile>().ToLookup(file => file.Id, file => file.File);
        return new DeletePlan(
            [.. mine.Where(entry => RankOf(entry.Place) is not null).OrderBy(entry => RankOf(entry.Place)).Select(entry => entry.Blob)],
            [.. mine.Where(entry => RankOf(entry.Place) is null).Select(entry => entry.Blob)],
            [.. files.Where(version => !version.Contains(RepositoryLayout.Manifest)).Select(version => version.Key)],
            [.. placed.Where(entry => entry.Place is BlobPlace.Foreign && entry.Blob.Name.StartsWith(target.Version is null ? $"{target.Model}/" : target.Prefix, StringComparison.Ordinal)).Select(entry => entry.Blob)]);
    }

    /// <summary>Why it should not go, or null.</summary>
    public static string? Objection(ModelTarget target, DesiredState? desired)
    {
        if (desired?.Models.GetValueOrDefault(target.Model) is not { IsIdle: false } model) return null;
        if (target.Version is not { } version) return $"{target} is wanted: replicas are to serve it. Say \"modelctl unload {target}\" first, and wait until ModelSync has looked.";
        if (model.Versions.Concat(model.Candidate?.Versions ?? []).Any(wanted => !wanted.IsFlat && wanted.Version == version)) return $"{target} is wanted: replicas are to serve it. Publish or choose another version first.";
        return model.Fallback.Any(fallback => fallback.Version == version) ? $"{target} is the fallback: replicas serve it where the wanted version turns out bad." : null;
    }

    private static long? RankOf(BlobPlace place) => place switch
    {
        BlobPlace.FlatModel => 0,
        BlobPlace.VersionFile(var id, var file) when file == RepositoryLayout.Manifest => id.Version.Number,
        _ => null,
    };
}
