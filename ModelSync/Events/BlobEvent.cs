using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Sync.Events;

/// <summary>What we believe of an event: its kind and the blob it names. Neither decides more than whether it is worth a look.</summary>
/// <param name="ValidationCode">Of an event by which Event Grid asks whether it is welcome here; else null.</param>
internal sealed record BlobEvent(string Type, string? Subject, string? ValidationCode = null)
{
    public const string ValidationType = "Microsoft.EventGrid.SubscriptionValidationEvent";

    private const string Containers = "/blobServices/default/containers/";
    private const string Blobs = "/blobs/";

    private static readonly HashSet<string> Changes = new(StringComparer.OrdinalIgnoreCase)
    {
        "Microsoft.Storage.BlobCreated", "Microsoft.Storage.BlobDeleted", "Microsoft.Storage.BlobRenamed",
        // Of accounts with a hierarchical namespace, where no blob in the folder has an event of its own.
        "Microsoft.Storage.DirectoryDeleted", "Microsoft.Storage.DirectoryRenamed",
    };

    public bool Concerns(string container)
    {
        if (!Changes.Contains(Type) || Subject is null) return false;
        var prefix = $"{Containers}{container}{Blobs}";
        return Subject.StartsWith(prefix, StringComparison.Ordinal) && IsNews(Subject[prefix.Length..]);
    }

    // What is written at each publication would make us look for ever. Wishes are written by people too, and by nobody in answer to a look.
    private static bool IsNews(string blob) => blob == RepositoryLayout.Overrides || BlobPlace.Of(blob) is not BlobPlace.Platform && $"{blob}/" != RepositoryLayout.PlatformFolder;
}
