using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>What must be true of other resources before one starts.</summary>
internal sealed class Dependencies(ResourceNotificationService notifications)
{
    public static bool Any(IResource resource) => resource is ConnectionStringResource || resource.Annotations.OfType<Wait>().Any();

    /// <summary>False when a resource that had to complete ended in another way.</summary>
    public async Task<bool> MetAsync(IResource resource, CancellationToken stopping)
    {
        var implied = resource is ConnectionStringResource text ? Named(text.ConnectionStringExpression).Select(named => new Wait(named, WaitKind.Started)) : [];
        var met = await Task.WhenAll(resource.Annotations.OfType<Wait>().Concat(implied).Select(wait => MetAsync(wait, stopping)));
        return met.All(yes => yes);
    }

    // A property of an endpoint names the endpoint, not its resource: a connection string made of those waits for nobody by itself.
    private static IEnumerable<IResource> Named(ReferenceExpression text) =>
        text.ValueProviders.SelectMany(value => value is IResource ? [value] : value is IValueWithReferences parts ? parts.References : []).OfType<IResource>();

    private async Task<bool> MetAsync(Wait wait, CancellationToken stopping)
    {
        var status = await notifications.UntilAsync(wait.For.Name, status => wait.Kind switch
        {
            WaitKind.Healthy => status is { Running: true, Healthy: true, Ready: true },
            WaitKind.Started => status.Running,
            _ => status.Ended,
        }, stopping);
        return wait.Kind != WaitKind.Completed || status.Replicas.Values.All(replica => replica.ExitCode == wait.ExitCode);
    }
}
