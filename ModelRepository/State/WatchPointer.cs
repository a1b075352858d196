namespace ModelPlatform.Repository.State;

/// <summary>Sent over the watch in place of a document that is too large for an event: read it from Blob.</summary>
public sealed record WatchPointer(long Generation, string Etag)
{
    /// <summary>The largest document that travels in an event, in bytes.</summary>
    public const int MaxDocumentBytes = 64 * 1024;
}
