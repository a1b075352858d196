using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

/// <summary>Opens all ports, so that every address is known to every child, then starts everything at once; each resource waits by itself for what it needs.</summary>
internal sealed class Orchestrator(
    IResourceCollection resources, DashboardOptions options, Dashboard dashboard, HealthMonitor health, ReplicaRunner runner,
    ResourceNotificationService notifications, IHostApplicationLifetime lifetime, ILogger<DistributedApplication> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan LogsAreKept = TimeSpan.FromDays(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly string _logFolder = Path.Combine(AppHostMetadata.Find("apphostprojectbaseintermediateoutputpath") ?? Path.GetTempPath(), "aspire-logs");
    private Task _running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Ports.MustBeFree(options.Url, "the dashboard");
        Ports.MustBeFree(options.OtlpUrl, "the dashboard's OTLP endpoint");
        if (options.ResourceUrl is { } resourceService) Ports.MustBeFree(resourceService, "the dashboard's resource service, which only the real Aspire has");
        foreach (var resource in resources) Ports.Open(resource);

        Directory.CreateDirectory(_logFolder);
        foreach (var old in new DirectoryInfo(_logFolder).GetFiles().Where(file => file.LastWriteTimeUtc < DateTime.UtcNow - LogsAreKept)) old.Delete();
        logger.Say($"The output of all processes is kept in {_logFolder}");
        _running = RunAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    /// <summary>All at once, as the real one does: nobody can count on what it stores things in to go last. Only the dashboard stays, for their last words.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await runner.StopAllAsync();
        await dashboard.StopAsync();
        await _running.WaitAsync(cancellationToken);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            var show = dashboard.RunAsync(Path.Combine(_logFolder, $"dashboard-{Environment.ProcessId}.log"), stopping);
            var started = resources.Select(resource => StartAsync(resource, stopping));
            var lives = await Task.WhenAll(started);
            logger.Say("Distributed application started. Press Ctrl+C to shut down.");
            await foreach (var ended in Task.WhenEach([.. lives, show])) await ended;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested) { /* everything is being stopped */ }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            logger.Complain("The application cannot go on.", failure);
            lifetime.StopApplication();
        }
    }

    /// <summary>Returns, once the resource was allowed to start, what goes on as long as it lives.</summary>
    private async Task<Task> StartAsync(IResource resource, CancellationToken stopping)
    {
        var monitor = health.RunAsync(resource, stopping);
        var count = resource.Annotations.OfType<Replicas>().SingleOrDefault()?.Count ?? 1;
        var replicas = Enumerable.Range(0, count).Select(_ => new Replica(resource, alone: count == 1)).ToList();
        void Report(string state) => replicas.ForEach(replica => notifications.Report(resource, replica.DisplayName, state));

        var waits = resource.Annotations.OfType<Wait>().ToList();
        if (waits.Count > 0) Report(KnownResourceStates.Waiting);
        await Task.WhenAll(waits.Select(wait => notifications.WaitForResourceHealthyAsync(wait.For.Name, stopping)));
        switch (resource)
        {
            case ParameterResource { HasValue: false }:
                logger.Complain($"Parameter '{resource.Name}' has no value: what needs it waits. Set Parameters:{resource.Name}.");
                Report(KnownResourceStates.Waiting);
                return monitor;
            case ParameterResource or ConnectionStringResource:
                Report(KnownResourceStates.Running);
                return monitor;
            default:
                var lives = await Task.WhenAll(replicas.Select(replica => runner.StartAsync(replica, _logFolder, stopping)));
                return Task.WhenAll([monitor, .. lives]);
        }
    }
}
