namespace ModelPlatform.Sync.Detection;

/// <summary>Everything in the container at one moment.</summary>
/// <param name="Blobs">In the order of their names, without the platform's own.</param>
/// <param name="StateEtag">The published document's, or null where there is none.</param>
/// <param name="Overrides">The operators' document, or null where there is none.</param>
internal sealed record Listing(IReadOnlyList<ListedBlob> Blobs, string? StateEtag, ListedBlob? Overrides = null)
{
    public bool ShowsSameAs(Listing? other) => other is not null && NamesAndEtags.SequenceEqual(other.NamesAndEtags);

    private IEnumerable<(string, string)> NamesAndEtags => (Overrides is null ? Blobs : Blobs.Append(Overrides)).Select(blob => (blob.Name, blob.Etag));
}
