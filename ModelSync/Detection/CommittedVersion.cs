using System.Globalization;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Detection;

/// <summary>A version that is all there: its model.json is valid and every file it lists exists. A model in the flat form is one by being there.</summary>
/// <param name="SignatureChange">Its inputs and outputs may differ from the versions before.</param>
/// <param name="Traceparent">The trace in which it was published, if the publisher said.</param>
internal sealed record CommittedVersion(DesiredVersion Desired, bool SignatureChange, string? Traceparent)
{
    /// <summary>The version, or why it cannot be taken. A blob whose size is not the listed one is no reason: replicas refuse it where everyone can see.</summary>
    public static (CommittedVersion? Version, string? Problem) Of(ModelId id, IReadOnlyDictionary<FilePath, ListedBlob> blobs, ListedBlob model, IdentifiedManifest read)
    {
        var files = new SortedDictionary<FilePath, DesiredFile> { [RepositoryLayout.Manifest] = new(model.Etag, model.Bytes, read.Identity.Digest) };
        foreach (var (path, file) in read.Manifest.Files!)
        {
            if (!blobs.TryGetValue(path, out var blob)) return (null, $"'{path}' is listed in {RepositoryLayout.ManifestName} but not there.");
            files.Add(path, new DesiredFile(blob.Etag, file.Bytes, file.Sha256));
        }
        var desired = new DesiredVersion(id.Version, read.Identity, RepositoryLayout.FolderOf(id), files);
        return (new CommittedVersion(desired, read.Manifest.SignatureChange, model.Traceparent), null);
    }

    /// <summary>Its number is the newest date of its blobs; what was published before may raise it.</summary>
    public static CommittedVersion Of(FlatModel flat)
    {
        var newest = flat.Blobs.Max(blob => blob.LastModified).UtcDateTime;
        var number = long.Parse(newest.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var identity = Identity.OfBlobs(flat.Blobs.Select(blob => (blob.Name, blob.Etag)));
        var files = new SortedDictionary<FilePath, DesiredFile>();
        foreach (var blob in flat.Blobs) files.Add(FilePath.Parse(blob.Name), new DesiredFile(blob.Etag, blob.Bytes));
        return new CommittedVersion(new DesiredVersion(new ModelVersion(number), identity, "", files), SignatureChange: false, flat.Model.Traceparent);
    }
}
