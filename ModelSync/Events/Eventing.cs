using Microsoft.Extensions.Options;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Sync.Events;

internal static class Eventing
{
    public static void AddEvents(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<EventOptions, EventOptionsValidator>()
            .BindConfiguration(EventOptions.Section)
            .PostConfigure<IHostEnvironment, IOptions<PlatformKeyOptions>>((options, environment, platform) =>
            {
                // Configuration may say null.
                (options.Tenant, options.Audience, options.Queue) = (options.Tenant ?? "", options.Audience ?? "", options.Queue ?? "");
                if (string.IsNullOrEmpty(options.Key)) options.Key = environment.IsDevelopment() ? platform.Value.Key : "";
            });
        services.AddSingleton<IValidateOptions<EventOptions>, EventRules>();
        services.AddSingleton(provider => EntraTokens.SignersOf(provider.GetRequiredService<IOptions<EventOptions>>().Value));
        services.AddSingleton<EntraTokens>();
        services.AddSingleton<EventAccess>();
        services.AddSingleton<EventArrivals>();
        services.AddSingleton<EventHints>();
        services.AddSingleton<EventIntake>();
        services.AddHostedService<EventQueue>();
    }
}
