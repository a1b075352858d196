using HealthChecks.UI.Configuration;
using HealthChecks.UI.Core.HostedService;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

public static class ServiceCollectionExtensions
{
    public static HealthChecksUIBuilder AddHealthChecksUI(this IServiceCollection services, Action<Settings>? setupSettings = null)
    {
        services.AddOptions<Settings>().Configure<IConfiguration>((settings, configuration) =>
        {
            configuration.GetSection("HealthChecksUI").Bind(settings, binding => binding.BindNonPublicProperties = true);
            setupSettings?.Invoke(settings);
        });
        services.AddHttpClient(HealthCheckReportCollector.ClientName, (provider, client) => SettingsOf(provider).ApiEndpointHttpClientConfig?.Invoke(provider, client))
            .ConfigureAdditionalHttpMessageHandlers((handlers, provider) =>
            {
                foreach (var type in SettingsOf(provider).ApiEndpointDelegatingHandlerTypes) handlers.Add((DelegatingHandler)provider.GetRequiredService(type));
            });
        services.AddSingleton<HealthCheckReportCollector>();
        services.AddHostedService<HealthCheckCollectorHostedService>();
        return new HealthChecksUIBuilder(services);
    }

    private static Settings SettingsOf(IServiceProvider provider) => provider.GetRequiredService<IOptions<Settings>>().Value;
}
