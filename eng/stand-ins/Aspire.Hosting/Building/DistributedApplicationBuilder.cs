using System.Collections.ObjectModel;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Publishing;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly ResourceCollection _resources = [];

    public DistributedApplicationBuilder(string[] args)
    {
        _host = new HostApplicationBuilder(new HostApplicationBuilderSettings { Args = args });
        _host.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        _host.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        AppHostDirectory = AppHostMetadata.Find("apphostprojectpath") ?? _host.Environment.ContentRootPath;
        var publishing = "publish".Equals(Configuration["operation"], StringComparison.OrdinalIgnoreCase) || Configuration["publisher"] is not null;
        ExecutionContext = new(publishing ? DistributedApplicationOperation.Publish : DistributedApplicationOperation.Run);
    }

    public ConfigurationManager Configuration => _host.Configuration;
    public string AppHostDirectory { get; }
    public IHostEnvironment Environment => _host.Environment;
    public DistributedApplicationExecutionContext ExecutionContext { get; }
    public IResourceCollection Resources => _resources;

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        if (_resources.FirstOrDefault(r => r.Name.Equals(resource.Name, StringComparison.OrdinalIgnoreCase)) is { } same)
            throw new DistributedApplicationException($"Cannot add resource of type '{resource.GetType()}' with name '{resource.Name}' because resource of type '{same.GetType()}' with that name already exists. Resource names are case-insensitive.");
        _resources.Add(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    public DistributedApplication Build()
    {
        var services = _host.Services;
        services.AddSingleton(ExecutionContext);
        services.AddSingleton<IResourceCollection>(_resources);
        services.AddSingleton(provider => new ResourceNotificationService(_resources, provider.GetRequiredService<ILogger<DistributedApplication>>()));
        services.AddSingleton(_ => DashboardOptions.From(Configuration));
        services.AddSingleton<ManifestPublisher>();
        services.AddSingleton<Dashboard>();
        services.AddSingleton<HealthMonitor>();
        services.AddSingleton<ReplicaRunner>();
        services.AddHostedService<Orchestrator>();
        return new(_host.Build(), AppHostDirectory);
    }

    private sealed class ResourceCollection : Collection<IResource>, IResourceCollection;

    private sealed record ResourceBuilder<T>(IDistributedApplicationBuilder ApplicationBuilder, T Resource) : IResourceBuilder<T> where T : IResource;
}
