using Aspire.Azure.Storage.Blobs;
using Azure.Core.Extensions;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Azure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

public static class AspireBlobStorageExtensions
{
    private const string Section = "Aspire:Azure:Storage:Blobs";

    public static void AddAzureBlobServiceClient(this IHostApplicationBuilder builder, string connectionName,
        Action<AzureStorageBlobsSettings>? configureSettings = null,
        Action<IAzureClientBuilder<BlobServiceClient, BlobClientOptions>>? configureClientBuilder = null) =>
        Add(builder, connectionName, configureSettings, configureClientBuilder, (service, _) => service,
            async (service, cancelled) =>
            {
                await using var pages = service.GetBlobContainersAsync(cancellationToken: cancelled).AsPages(pageSizeHint: 1).GetAsyncEnumerator(cancelled);
                await pages.MoveNextAsync();
            });

    public static void AddAzureBlobContainerClient(this IHostApplicationBuilder builder, string connectionName,
        Action<AzureBlobStorageContainerSettings>? configureSettings = null,
        Action<IAzureClientBuilder<BlobContainerClient, BlobClientOptions>>? configureClientBuilder = null) =>
        Add(builder, connectionName, configureSettings, configureClientBuilder,
            (service, settings) => service.GetBlobContainerClient(settings.BlobContainerName is { Length: > 0 } name
                ? name
                : throw new InvalidOperationException($"The connection string '{connectionName}' does not exist or is missing the container name.")),
            (container, cancelled) => container.ExistsAsync(cancelled));

    private static void Add<TSettings, TClient>(IHostApplicationBuilder builder, string connectionName, Action<TSettings>? configureSettings,
        Action<IAzureClientBuilder<TClient, BlobClientOptions>>? configureClient, Func<BlobServiceClient, TSettings, TClient> client, Func<TClient, CancellationToken, Task> check)
        where TSettings : AzureStorageBlobsSettings, new()
        where TClient : class
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        var section = builder.Configuration.GetSection(Section);
        var settings = new TSettings();
        section.Bind(settings);
        section.GetSection(connectionName).Bind(settings);
        if (builder.Configuration.GetConnectionString(connectionName) is { Length: > 0 } connectionString)
            settings.Parse(connectionString);
        configureSettings?.Invoke(settings);

        builder.Services.AddAzureClients(clients =>
        {
            var registered = ((IAzureClientFactoryBuilderWithCredential)clients).RegisterClientFactory<TClient, BlobClientOptions>((options, credential) =>
            {
                var service = settings switch
                {
                    { ConnectionString.Length: > 0 } => new BlobServiceClient(settings.ConnectionString, options),
                    { ServiceUri: null } => throw new InvalidOperationException(
                        $"A BlobServiceClient could not be configured. Ensure valid connection information was provided in 'ConnectionStrings:{connectionName}' " +
                        $"or specify a 'ConnectionString' or 'ServiceUri' in the '{Section}' configuration section."),
                    _ when credential is not null => new BlobServiceClient(settings.ServiceUri, credential, options),
                    _ => new BlobServiceClient(settings.ServiceUri, options),
                };
                return client(service, settings);
            }, requiresCredential: false);

            if (settings.Credential is not null)
                registered.WithCredential(settings.Credential);
            registered.ConfigureOptions(options => section.GetSection("ClientOptions").Bind(options));
            registered.ConfigureOptions(options => section.GetSection($"{connectionName}:ClientOptions").Bind(options));
            configureClient?.Invoke(registered);
        });

        var name = $"Azure_{typeof(TClient).Name}";
        if (!settings.DisableHealthChecks && builder.Properties.TryAdd($"Aspire.HealthChecks.{name}", true))
        {
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
                name, services => new Check<TClient>(services.GetRequiredService<TClient>(), check), failureStatus: null, tags: null));
        }

        if (!settings.DisableTracing)
            builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddSource($"{typeof(TClient).Namespace}.*"));
    }

    private sealed class Check<TClient>(TClient client, Func<TClient, CancellationToken, Task> reach) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await reach(client, cancellationToken);
                return HealthCheckResult.Healthy();
            }
#pragma warning disable CA1031 // Whatever went wrong, the answer of a health check is "unhealthy".
            catch (Exception failure)
#pragma warning restore CA1031
            {
                return new HealthCheckResult(context.Registration.FailureStatus, exception: failure);
            }
        }
    }
}
