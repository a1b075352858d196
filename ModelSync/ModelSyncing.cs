using Microsoft.Extensions.Azure;
using ModelPlatform.Repository.Naming;
using ModelPlatform.ServiceDefaults;
using ModelPlatform.Sync.Console;
using ModelPlatform.Sync.Detection;
using ModelPlatform.Sync.Events;
using ModelPlatform.Sync.Health;
using ModelPlatform.Sync.Leading;
using ModelPlatform.Sync.Operating;
using ModelPlatform.Sync.Planning;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Replicas;
using ModelPlatform.Sync.Rollouts;
using ModelPlatform.Sync.Telemetry;
using ModelPlatform.Sync.Telling;
using ModelPlatform.Sync.Webhooks;

namespace ModelPlatform.Sync;

/// <summary>ModelSync put together, in the order of the flow.</summary>
internal static class ModelSyncing
{
    public static void AddModelSync(this WebApplicationBuilder builder)
    {
        builder.AddRepository();
        builder.Services.AddOptionsWithValidateOnStart<DetectionOptions, DetectionOptionsValidator>().BindConfiguration(DetectionOptions.Section);
        builder.Services.AddOptionsWithValidateOnStart<ReplicaOptions, ReplicaOptionsValidator>().BindConfiguration(ReplicaOptions.Section);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<BlobLister>();
        builder.Services.AddSingleton<RepositoryReader>();
        builder.Services.AddSingleton<ReportedProblems>();
        builder.Services.AddSingleton<RepositoryLook>();
        builder.Services.AddSingleton<DesiredStateBlob>();
        builder.Services.AddSingleton<StateFeed>();
        builder.Services.AddSingleton<StatePublication>();
        builder.Services.AddSingleton<StateWatch>();
        builder.Services.AddSingleton<ReplicaRegistry>();
        builder.Services.AddSingleton<KnownGood>();
        builder.Services.AddOptionsWithValidateOnStart<RolloutOptions, RolloutOptionsValidator>().BindConfiguration(RolloutOptions.Section);
        builder.Services.AddSingleton<RolloutPlanning>();
        builder.Services.AddSingleton<RolloutTick>();
        builder.Services.AddSingleton<RolloutLog>();
        builder.Services.AddSingleton<Wishes>();
        builder.Services.AddSingleton<WishNews>();
        builder.Services.AddSingleton<Operations>();
        builder.Services.AddSingleton<Releases>();
        builder.Services.AddSingleton<SyncMetrics>();
        builder.Services.AddSingleton<Signal>();
        builder.Services.AddSingleton<RepositoryHealth>();
        builder.Services.AddHealthChecks().AddCheck<RepositoryHealth>("storage");
        builder.AddLeading();
        builder.AddTelling();
        builder.AddWebhooks();
        builder.Services.AddSingleton<ReconcilePace>();
        builder.Services.AddSingleton<NextListing>();
        builder.Services.AddHostedService<Reconciler>();
        builder.Services.AddHostedService<MemoryAtRest>();
        builder.AddEvents();
        builder.AddHealthPage();
        builder.AddConsole();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = ReplicaRoutes.MaxAckBytes);
    }

    public static void MapModelSync(this WebApplication app)
    {
        app.UseOversizedBodies();
        var led = app.MapGroup("").RequireLeading();
        led.MapProblems();
        led.MapState();
        led.MapReplicas();
        led.MapOperating();
        led.MapReports();
        led.MapHistory();
        led.MapEvents();
        app.MapHealthChecksUI();
        app.MapConsole();
    }

    private static void AddRepository(this WebApplicationBuilder builder) => builder.AddAzureBlobContainerClient(
        RepositoryLayout.ContainerName,
        // Our own check knows how the last listing went, without another call at each probe.
        settings => settings.DisableHealthChecks = true,
        client => client.ConfigureOptions(options =>
        {
            // The next pass is the real retry.
            options.Retry.MaxRetries = 1;
            options.Retry.NetworkTimeout = TimeSpan.FromSeconds(10);
        }));
}
