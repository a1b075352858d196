using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ModelPlatform.Sync.Health;

/// <summary>
/// The page <c>/healthchecks-ui</c>: the package's, over ModelSync's own report, which has an entry for each replica since a Service's address would show any of them.
/// More reports to show are a matter of configuration (<c>HealthChecksUI:HealthChecks</c>): ModelSync refers to no other service.
/// </summary>
internal static class HealthPage
{
    public static void AddHealthPage(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<HealthOptions, HealthOptionsValidator>().BindConfiguration(HealthOptions.Section);
        builder.Services.AddSingleton<ReplicaProbe>();
        builder.Services.AddSingleton<ReplicaRounds>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ReplicaRounds>());

        builder.Services.AddHealthChecks();
        var own = builder.Services.Single(service => service.ServiceType == typeof(HealthCheckService)).ImplementationType!;
        builder.Services.Replace(ServiceDescriptor.Singleton<HealthCheckService>(services => new SyncHealth(
            (HealthCheckService)ActivatorUtilities.CreateInstance(services, own), services.GetRequiredService<ReplicaRounds>())));

        builder.Services.AddTransient<OwnAddress>();
        builder.Services.AddHealthChecksUI(page => page
            .UseApiEndpointDelegatingHandler<OwnAddress>()
            .ConfigureApiEndpointHttpclient((_, client) => client.Timeout = TimeSpan.FromSeconds(10))).AddInMemoryStorage();
    }
}
