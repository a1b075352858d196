using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ModelPlatform.Cli.Storage;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Cli.Publishing;

/// <summary>What the repository holds of one model before anything is written.</summary>
internal sealed class StoredModel(IEnumerable<StoredBlob> blobs)
{
    private readonly Dictionary<string, ETag> _seen = blobs.Where(blob => blob.Etag is not null).ToDictionary(blob => blob.Name, blob => blob.Etag!.Value);

    public static async Task<StoredModel> ReadAsync(BlobContainerClient container, ModelName model, CancellationToken cancelled) =>
        new(await StoredBlob.ListAsync(container, $"{model}/", cancelled));

    /// <summary>One more than the latest committed: an interrupted publish is repeated under its version.</summary>
    public ModelVersion NextVersion()
    {
        var latest = _seen.Keys.Select(BlobPlace.Of).OfType<BlobPlace.VersionFile>()
            .Where(place => place.File == RepositoryLayout.Manifest)
            .Max(place => (long?)place.Id.Version.Number) ?? 0;
        return latest < long.MaxValue
            ? new ModelVersion(latest + 1)
            : throw new CommandFailure(ExitCode.Refused, $"There is no version above {latest}. Name one with --version.");
    }

    /// <summary>A left-over of an interrupted publish is overwritten as it was seen, and only so: a second guard, should the lock be lost meanwhile.</summary>
    public BlobRequestConditions AsSeen(string blob) =>
        _seen.TryGetValue(blob, out var etag) ? new BlobRequestConditions { IfMatch = etag } : new BlobRequestConditions { IfNoneMatch = ETag.All };
}
