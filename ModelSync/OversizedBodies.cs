using Microsoft.AspNetCore.Http.Features;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Sync;

/// <summary>Refuses bodies that say that they are larger than their route allows before anything is done, also on routes that would never read them.</summary>
internal static class OversizedBodies
{
    public static void UseOversizedBodies(this WebApplication app) => app.Use(async (context, next) =>
    {
        var most = context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
        if (context.Request.ContentLength > most) await ErrorBody.Answer(413, $"The body is larger than {most} bytes.").ExecuteAsync(context);
        else await next(context);
    });
}
