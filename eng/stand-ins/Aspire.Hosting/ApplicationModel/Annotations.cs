namespace Aspire.Hosting.ApplicationModel;

public sealed class EnvironmentCallbackContext(DistributedApplicationExecutionContext executionContext, Dictionary<string, object> environmentVariables)
{
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    public Dictionary<string, object> EnvironmentVariables { get; } = environmentVariables;
}

public sealed class ResourceReadyEvent(IResource resource, IServiceProvider services)
{
    public IResource Resource { get; } = resource;
    public IServiceProvider Services { get; } = services;
}

internal sealed record EnvironmentCallback(Action<EnvironmentCallbackContext> Run) : IResourceAnnotation;

internal sealed record Arguments(IReadOnlyList<object> Values) : IResourceAnnotation;

internal sealed record Replicas(int Count) : IResourceAnnotation;

internal sealed record Wait(IResource For) : IResourceAnnotation;

internal sealed record HttpHealthCheck(EndpointReference Endpoint, string Path, int Status) : IResourceAnnotation;

internal sealed record NotInManifest : IResourceAnnotation;

internal sealed record ReadyCallback(Func<ResourceReadyEvent, CancellationToken, Task> Run) : IResourceAnnotation;

/// <summary>A value that differs between the replicas of a resource.</summary>
internal sealed record PerReplica(Func<Running.Replica, string> Value);
