using System.Collections.Immutable;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

public static class KnownResourceStates
{
    public const string Waiting = "Waiting";
    public const string Starting = "Starting";
    public const string Running = "Running";
    public const string Finished = "Finished";
    public const string FailedToStart = "FailedToStart";
}

public sealed class ResourceEvent
{
    internal ResourceEvent(IResource resource) => Resource = resource;

    public IResource Resource { get; }
}

/// <summary>What is known of a resource at one moment. Ready means healthy once, with all that was to happen then done.</summary>
internal sealed record ResourceStatus(ImmutableDictionary<string, string> Replicas, bool Healthy, bool Ready)
{
    public static readonly ResourceStatus Unknown = new(ImmutableDictionary<string, string>.Empty, Healthy: false, Ready: false);

    public bool Running => !Replicas.IsEmpty && Replicas.Values.All(state => state == KnownResourceStates.Running);

    public bool Ended => !Replicas.IsEmpty && Replicas.Values.All(state => state is KnownResourceStates.Finished or KnownResourceStates.FailedToStart);
}

public sealed class ResourceNotificationService
{
    private readonly Lock _gate = new();
    private readonly ILogger _logger;
    private readonly Dictionary<string, ResourceStatus> _status;
    private readonly Dictionary<string, IResource> _resources;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal ResourceNotificationService(IEnumerable<IResource> resources, ILogger logger)
    {
        _resources = resources.ToDictionary(resource => resource.Name, StringComparer.OrdinalIgnoreCase);
        _status = _resources.ToDictionary(resource => resource.Key, _ => ResourceStatus.Unknown, StringComparer.OrdinalIgnoreCase);
        _logger = logger;
    }

    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default)
    {
        await UntilAsync(resourceName, status => status is { Running: true, Healthy: true, Ready: true }, cancellationToken);
        return new(_resources[resourceName]);
    }

    internal async Task UntilAsync(string name, Func<ResourceStatus, bool> reached, CancellationToken cancelled)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (reached(_status[name])) return;
                changed = _changed.Task;
            }
            await changed.WaitAsync(cancelled);
        }
    }

    internal void Report(IResource resource, string replica, string state, int? exitCode = null)
    {
        Update(resource, status => status with { Replicas = status.Replicas.SetItem(replica, state) });
        var ended = exitCode is null ? "" : $", exit code {exitCode}";
        if (exitCode is null or 0) _logger.Say($"{replica}: {state}{ended}");
        else _logger.Complain($"{replica}: {state}{ended}");
    }

    /// <summary>True when this is news.</summary>
    internal bool ReportHealth(IResource resource, bool healthy) => Update(resource, status => status with { Healthy = healthy }).Healthy != healthy;

    internal void ReportReady(IResource resource) => Update(resource, status => status with { Ready = true });

    private ResourceStatus Update(IResource resource, Func<ResourceStatus, ResourceStatus> change)
    {
        lock (_gate)
        {
            var was = _status[resource.Name];
            _status[resource.Name] = change(was);
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return was;
        }
    }
}
