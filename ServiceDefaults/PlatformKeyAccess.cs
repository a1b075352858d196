using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ModelPlatform.ServiceDefaults;

public static class PlatformKeyAccess
{
    /// <summary>Makes <see cref="PlatformKey"/> available. Outside Development the service does not start without one.</summary>
    public static TBuilder AddPlatformKey<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOptionsWithValidateOnStart<PlatformKeyOptions, PlatformKeyOptionsValidator>()
            .BindConfiguration(PlatformKeyOptions.Section)
            .PostConfigure<IHostEnvironment>((options, environment) =>
            {
                // Configuration may say null.
                if (string.IsNullOrEmpty(options.Key)) options.Key = environment.IsDevelopment() ? PlatformKeyOptions.DevelopmentKey : "";
            });
        builder.Services.AddSingleton<PlatformKey>();
        return builder;
    }

    /// <summary>Lets only those in who send <c>Authorization: Bearer</c> with the platform key; the others get 401.</summary>
    public static TBuilder RequirePlatformKey<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder =>
        endpoints.AddEndpointFilter(async (call, next) =>
        {
            var http = call.HttpContext;
            if (http.RequestServices.GetRequiredService<PlatformKey>().Admits(http.Request.Headers.Authorization)) return await next(call);
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return ErrorBody.Answer(401, "The platform key is missing or wrong.");
        });
}
