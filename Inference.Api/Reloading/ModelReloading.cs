using Microsoft.Extensions.Diagnostics.HealthChecks;
using ModelPlatform.Inference.Shadowing;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Inference.Reloading;

/// <summary>How the models in memory follow the repository.</summary>
internal static class ModelReloading
{
    public static void AddModelReloading(this WebApplicationBuilder builder)
    {
        builder.AddAzureBlobContainerClient("models", settings => settings.DisableHealthChecks = true);   // Replicas serve on without it.
        builder.AddPlatformKey();
        builder.Services.AddHttpClient(SyncClient.Name, (services, client) =>
        {
            client.BaseAddress = SyncClient.Address;
            client.Timeout = SyncClient.Patience;
            client.DefaultRequestHeaders.Authorization = services.GetRequiredService<PlatformKey>().AuthorizationHeader;
        });

        builder.Services.AddOptionsWithValidateOnStart<ReloadOptions, ReloadOptionsValidator>().BindConfiguration(ReloadOptions.Section);
        builder.Services.AddOptionsWithValidateOnStart<CacheOptions, CacheOptionsValidator>().BindConfiguration(CacheOptions.Section);
        builder.Services.AddOptionsWithValidateOnStart<ReadinessOptions, ReadinessOptionsValidator>().BindConfiguration(ReadinessOptions.Section);
        builder.Services.AddOptionsWithValidateOnStart<ControlOptions, ControlOptionsValidator>().BindConfiguration(ControlOptions.Section);
        builder.Services.AddOptions<ReplicaOptions>().BindConfiguration(ReplicaOptions.Section);

        builder.WebHost.ConfigureKestrel(GrpcEndpoint.Find);
        builder.Services.AddSingleton<GrpcEndpoint>();
        builder.Services.AddSingleton<ReplicaIdentity>();
        builder.Services.AddSingleton(services => new DesiredStateFeed(services.GetRequiredService<ReplicaIdentity>().Id, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<RolloutLinks>();
        builder.Services.AddSingleton<AckOutbox>();
        builder.Services.AddSingleton<ReadinessBoard>();
        builder.Services.AddSingleton<VersionCache>();
        builder.Services.AddSingleton<VersionDownload>();
        builder.Services.AddSingleton<VersionPreparation>();
        builder.Services.AddSingleton<OptimizedGraphs>();
        builder.Services.AddSingleton<VersionLoader>();
        builder.Services.AddSingleton<Switchover>();
        builder.Services.AddSingleton<Shadows>();
        builder.Services.AddSingleton<VersionReload>();
        builder.Services.AddSingleton<StateResync>();
        builder.Services.AddSingleton<RepositoryControl>();

        builder.Services.AddHostedService(services => services.GetRequiredService<StateResync>());
        builder.Services.AddHostedService<ReloadLoop>();
        builder.Services.AddHostedService<StateWatch>();
        builder.Services.AddHostedService<AckSender>();
        builder.Services.AddHostedService<CallReports>();
        builder.Services.AddHostedService<Farewell>();
        builder.Services.AddHealthChecks().AddCheck<ReadinessCheck>("models");
    }
}

/// <summary>The readiness of the replica as one entry of the health report.</summary>
internal sealed class ReadinessCheck(ReadinessBoard readiness) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(readiness.Obstacle() is { } obstacle ? HealthCheckResult.Unhealthy(obstacle) : HealthCheckResult.Healthy());
}
