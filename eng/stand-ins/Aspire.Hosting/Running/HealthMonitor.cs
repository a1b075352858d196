using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

/// <summary>Asks the public endpoint, so that one replica answers for all.</summary>
internal sealed class HealthMonitor(ResourceNotificationService notifications, IServiceProvider services, ILogger<DistributedApplication> logger) : IDisposable
{
    private static readonly TimeSpan WhileStarting = TimeSpan.FromMilliseconds(500), WhileUnhealthy = TimeSpan.FromSeconds(3), WhileHealthy = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>Needs the ports to be open; fails on a check of an endpoint that does not exist.</summary>
    public static IReadOnlyList<(Uri Url, int Status)> ChecksOf(IResource resource) =>
        [.. resource.Annotations.OfType<HttpHealthCheck>().Select(check => (UrlOf(resource, check), check.Status))];

    public async Task RunAsync(IResource resource, CancellationToken stopping)
    {
        var checks = ChecksOf(resource);
        await notifications.UntilAsync(resource.Name, status => status.Running, stopping);
        var ended = notifications.UntilAsync(resource.Name, status => status.Ended, stopping);
        for (Task? ready = null; !ended.IsCompleted;)
        {
            var healthy = true;
            foreach (var (url, status) in checks) healthy &= await AnswersAsync(url, status, stopping);
            if (notifications.ReportHealth(resource, healthy) && checks.Count > 0) logger.Say($"{resource.Name}: {(healthy ? "Healthy" : "Unhealthy")}");
            if (healthy) ready ??= GetReadyAsync(resource, stopping);
            if (checks.Count == 0) return;
            await Task.WhenAny(ended, Task.Delay(healthy ? WhileHealthy : ready is null ? WhileStarting : WhileUnhealthy, stopping));
            stopping.ThrowIfCancellationRequested();
        }
        notifications.ReportHealth(resource, false);
    }

    public void Dispose() => _http.Dispose();

    private static Uri UrlOf(IResource resource, HttpHealthCheck check)
    {
        var endpoint = ((IResourceWithEndpoints)resource).GetEndpoints().FirstOrDefault(endpoint => check.EndpointNames.Contains(endpoint.EndpointName))
            ?? throw new DistributedApplicationException($"Could not create HTTP health check for resource '{resource.Name}' as no endpoint was found matching one of the specified names: {string.Join(", ", check.EndpointNames)}");
        return new(new Uri(endpoint.Url), check.Path);
    }

    private async Task<bool> AnswersAsync(Uri url, int status, CancellationToken stopping)
    {
        try
        {
            using var response = await _http.GetAsync(url, stopping);
            return (int)response.StatusCode == status;
        }
        catch (HttpRequestException) { return false; }
        catch (TaskCanceledException) when (!stopping.IsCancellationRequested) { return false; }
    }

    private async Task GetReadyAsync(IResource resource, CancellationToken stopping)
    {
        var ready = new ResourceReadyEvent(resource, services);
        try
        {
            foreach (var callback in resource.Annotations.OfType<ReadyCallback>()) await callback.Run(ready, stopping);
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested) { logger.Complain($"A ResourceReadyEvent callback of '{resource.Name}' failed.", failure); }
        notifications.ReportReady(resource);
    }
}
