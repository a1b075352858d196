using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace ModelPlatform.Inference.Protocol.Rest;

internal static class RequestBody
{
    /// <summary>The whole body. Its length is bounded by the server, which answers 413 above the limit.</summary>
    public static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancelled)
    {
        if (!StringValues.IsNullOrEmpty(request.Headers.ContentEncoding))
            throw new InferenceFault(FaultKind.UnsupportedMedia, "Compressed bodies are not accepted.");

        using var body = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, 1 << 20));
        await request.Body.CopyToAsync(body, cancelled);
        return body.ToArray();
    }
}
