using System.Text.Json;
using ModelPlatform.Repository.Json;

namespace ModelPlatform.Repository.State;

/// <summary>Sent over the watch in place of a document that is too large for an event: read it from Blob.</summary>
public sealed record WatchPointer(long Generation = 0, string? Etag = null)
{
    /// <summary>The largest document that travels in an event, in bytes.</summary>
    public const int MaxDocumentBytes = 64 * 1024;

    /// <summary>Null where the data of an event is no pointer: a document has no ETag of its own.</summary>
    public static WatchPointer? Find(ReadOnlySpan<byte> json)
    {
        try { return JsonSerializer.Deserialize(json, RepositoryJson.Default.WatchPointer) is { Etag: not null } pointer ? pointer : null; }
        catch (JsonException) { return null; }
    }
}
