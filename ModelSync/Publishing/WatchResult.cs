using Microsoft.AspNetCore.Http.Features;

namespace ModelPlatform.Sync.Publishing;

/// <summary>
/// Writes events that are bytes already. ASP.NET's own result keeps buffers for each connection that are as large as the largest event which went through it:
/// half a megabyte for each replica while a rollout names them all.
/// </summary>
internal sealed class WatchResult(IAsyncEnumerable<WatchEvent> events) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "text/event-stream";
        httpContext.Response.Headers.CacheControl = "no-cache,no-store";
        httpContext.Response.Headers.ContentEncoding = "identity";
        httpContext.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        await foreach (var one in events) await httpContext.Response.Body.WriteAsync(one.Bytes, httpContext.RequestAborted);
    }
}
