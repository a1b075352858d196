namespace ModelPlatform.Sync.Console;

/// <summary>What a browser may do with the console: run and load what ModelSync itself serves, and nothing else; be shown in no frame.</summary>
internal static class ConsoleHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static RouteGroupBuilder WithConsoleHeaders(this RouteGroupBuilder routes) => routes.AddEndpointFilter(async (call, next) =>
    {
        var headers = call.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        // Pages are of one moment and hold the form's token.
        headers.CacheControl = "no-cache, no-store";
        headers.Pragma = "no-cache";
        return await next(call);
    });
}
