using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

/// <summary>Asks the public endpoint, so that one replica answers for all.</summary>
internal sealed class HealthMonitor(ResourceNotificationService notifications, IServiceProvider services, ILogger<DistributedApplication> logger) : IDisposable
{
    private static readonly TimeSpan WhileStarting = TimeSpan.FromMilliseconds(500), WhileUnhealthy = TimeSpan.FromSeconds(3), WhileHealthy = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = TimeSpan.FromSeconds(5) };

    public async Task RunAsync(IResource resource, CancellationToken stopping)
    {
        var checks = resource.Annotations.OfType<HttpHealthCheck>().ToList();
        await notifications.UntilAsync(resource.Name, status => status.Running, stopping);
        var ended = notifications.UntilAsync(resource.Name, status => status.Ended, stopping);
        for (Task? ready = null; !ended.IsCompleted;)
        {
            var healthy = true;
            foreach (var check in checks) healthy &= await PassesAsync(check, stopping);
            if (notifications.ReportHealth(resource, healthy) && checks.Count > 0) logger.Say($"{resource.Name}: {(healthy ? "Healthy" : "Unhealthy")}");
            if (healthy) ready ??= GetReadyAsync(resource, stopping);
            if (checks.Count == 0) return;
            await Task.WhenAny(ended, Task.Delay(healthy ? WhileHealthy : ready is null ? WhileStarting : WhileUnhealthy, stopping));
            stopping.ThrowIfCancellationRequested();
        }
        notifications.ReportHealth(resource, false);
    }

    public void Dispose() => _http.Dispose();

    private async Task<bool> PassesAsync(HttpHealthCheck check, CancellationToken stopping)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(new Uri(check.Endpoint.Url), check.Path), stopping);
            return (int)response.StatusCode == check.Status;
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
