using Microsoft.Extensions.Primitives;

namespace ModelPlatform.Inference.Protocol.Rest;

internal static class RequestBody
{
    // What a client announces is believed only so far: memory is taken as bytes come in.
    private const int MostTakenAhead = 1 << 20;

    /// <summary>The whole body, decompressed. Its length is bounded by the server, before and after, which answers 413 above the limit.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancelled)
    {
        // Those that are known were taken off together with what they say.
        if (!StringValues.IsNullOrEmpty(request.Headers.ContentEncoding))
            throw new InferenceFault(FaultKind.UnsupportedMedia, "A body may come as it is or with Content-Encoding gzip or deflate.");

        var body = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, MostTakenAhead));
        // Ended by the deadline, and not by the token: see UseDeadline.
        try { await request.Body.CopyToAsync(body, CancellationToken.None); }
        catch (InvalidDataException) { throw new InferenceFault(FaultKind.InvalidInput, "The body is not what its Content-Encoding says."); }
        cancelled.ThrowIfCancellationRequested();
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }
}
