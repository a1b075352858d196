using ModelPlatform.Cli.Storage;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Cli.Listing;

/// <summary>The names in the container, read as models and versions. Pure.</summary>
/// <param name="Foreign">What belongs to no model or does not count, in words.</param>
internal sealed record RepositoryListing(IReadOnlyList<ListedVersion> Versions, IReadOnlyList<string> Foreign)
{
    public const string Wanted = "wanted";
    public const string Fallback = "fallback";
    public const string Candidate = "candidate";
    public const string Quarantined = "quarantined";

    /// <param name="only">Leaves out all other models, and what lies outside of its folder.</param>
    public static RepositoryListing Of(IEnumerable<StoredBlob> blobs, ModelName? only = null)
    {
        var placed = blobs.Select(blob => (Blob: blob, Place: BlobPlace.Of(blob.Name))).ToList();
        var versions =
            from entry in placed
            let file = entry.Place as BlobPlace.VersionFile
            where file is not null
            group (entry.Blob, file.File) by file.Id into version
            select Version(version.Key, [.. version]);
        var committed = versions.Where(version => version.State == VersionState.Committed).Select(version => version.Model).ToHashSet();
        var flat = placed.Where(entry => entry.Place is BlobPlace.FlatModel).ToLookup(entry => committed.Contains(entry.Place.Owner!));
        return new RepositoryListing(
            [.. versions.Concat(flat[false].Select(entry => Flat(entry.Place.Owner!, placed)))
                .Where(version => only is null || version.Model == only)
                .OrderBy(version => version.Model).ThenByDescending(version => version.Version ?? new ModelVersion(long.MaxValue))],
            [
                .. placed.Where(entry => only is null || entry.Blob.Name.StartsWith($"{only}/", StringComparison.Ordinal)).Select(entry => entry.Place).OfType<BlobPlace.Foreign>().Select(foreign => foreign.Reason),
                .. flat[true].Where(entry => only is null || entry.Place.Owner == only).Select(Shadowed),
            ]);
    }

    public RepositoryListing With(DesiredState? desired) => desired is null ? this : this with { Versions = [.. Versions.Select(version => With(version, desired))] };

    private static ListedVersion Version(ModelId id, IReadOnlyList<(StoredBlob Blob, FilePath File)> files)
    {
        var manifest = files.FirstOrDefault(file => file.File == RepositoryLayout.Manifest).Blob;
        var state = manifest is null ? VersionState.Incomplete : VersionState.Committed;
        return new ListedVersion(id.Name, id.Version, state, files.Count, files.Sum(file => file.Blob.Bytes), manifest?.Modified);
    }

    private static ListedVersion Flat(ModelName model, List<(StoredBlob Blob, BlobPlace Place)> placed)
    {
        var labels = Find(place => place is BlobPlace.FlatLabels && place.Owner == model) ?? Find(place => place is BlobPlace.SharedLabels);
        StoredBlob[] blobs = [Find(place => place is BlobPlace.FlatModel && place.Owner == model)!, .. labels is null ? (StoredBlob[])[] : [labels]];
        var identity = Identity.OfBlobs(blobs.Select(blob => (blob.Name, blob.Etag?.ToString("H").Trim('"') ?? "")));
        return new ListedVersion(model, null, VersionState.Flat, blobs.Length, blobs.Sum(blob => blob.Bytes), blobs.Max(blob => blob.Modified), identity);

        StoredBlob? Find(Predicate<BlobPlace> which) => placed.FirstOrDefault(entry => which(entry.Place)).Blob;
    }

    private static string Shadowed((StoredBlob Blob, BlobPlace Place) flat) => $"'{flat.Blob.Name}' does not count where versions are committed in '{flat.Place.Owner}/'.";

    private static ListedVersion With(ListedVersion version, DesiredState desired)
    {
        if (!desired.Models.TryGetValue(version.Model, out var model)) return version;
        if (model.Versions.FirstOrDefault(IsIt) is { } wanted) return version with { Version = wanted.Version, Desired = Wanted };
        return model.Fallback.Any(IsIt) ? version with { Desired = Fallback } : version;

        // The number of the flat form is ModelSync's; what tells it is the content.
        bool IsIt(DesiredVersion published) => version.State == VersionState.Flat ? published.IsFlat && published.Identity == version.Identity : !published.IsFlat && published.Version == version.Version;
    }
}
