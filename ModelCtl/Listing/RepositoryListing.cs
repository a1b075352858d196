using ModelPlatform.Cli.Storage;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Cli.Listing;

/// <summary>The names in the container, read as models and versions. Pure.</summary>
/// <param name="Flat">Models at the container's root: ModelSync numbers these when it publishes them.</param>
internal sealed record RepositoryListing(IReadOnlyList<ListedVersion> Versions, IReadOnlyList<string> Foreign, IReadOnlyList<ModelName> Flat)
{
    public const string Wanted = "wanted";
    public const string Fallback = "fallback";

    public static RepositoryListing Of(IEnumerable<StoredBlob> blobs)
    {
        var placed = blobs.Select(blob => (Blob: blob, Place: BlobPlace.Of(blob.Name))).ToList();
        var versions =
            from entry in placed
            let file = entry.Place as BlobPlace.VersionFile
            where file is not null
            group (entry.Blob, file.File) by file.Id into version
            orderby version.Key.Name, version.Key.Version descending
            select Version(version.Key, [.. version]);
        var places = placed.Select(entry => entry.Place).ToList();
        return new RepositoryListing(
            [.. versions],
            [.. places.OfType<BlobPlace.Foreign>().Select(foreign => foreign.Reason)],
            [.. places.OfType<BlobPlace.FlatModel>().Select(flat => flat.Model).Order()]);
    }

    public RepositoryListing With(DesiredState? desired) => desired is null ? this : this with { Versions = [.. Versions.Select(version => version with { Desired = RoleOf(version, desired) })] };

    private static ListedVersion Version(ModelId id, IReadOnlyList<(StoredBlob Blob, FilePath File)> files)
    {
        var manifest = files.FirstOrDefault(file => file.File == RepositoryLayout.Manifest).Blob;
        var state = manifest is null ? VersionState.Incomplete : VersionState.Committed;
        return new ListedVersion(id.Name, id.Version, state, files.Count, files.Sum(file => file.Blob.Bytes), manifest?.Modified);
    }

    private static string? RoleOf(ListedVersion version, DesiredState desired)
    {
        if (!desired.Models.TryGetValue(version.Model, out var model)) return null;
        if (model.Versions.Any(wanted => wanted.Version == version.Version)) return Wanted;
        return model.Fallback.Any(fallback => fallback.Version == version.Version) ? Fallback : null;
    }
}
