using Azure;

namespace ModelPlatform.Sync.Detection;

/// <summary>One blob as a listing shows it.</summary>
/// <param name="Etag">Without quotes: listings and headers differ in them.</param>
/// <param name="Traceparent">What the publisher left in the blob's metadata; not checked.</param>
/// <param name="LastModified">Numbers the versions of the flat form, and decides nothing else: storage's clock may jump.</param>
internal sealed record ListedBlob(string Name, string Etag, long Bytes, string? Traceparent = null, DateTimeOffset LastModified = default)
{
    public static string PlainOf(ETag etag) => etag.ToString("H").Trim('"');
}
