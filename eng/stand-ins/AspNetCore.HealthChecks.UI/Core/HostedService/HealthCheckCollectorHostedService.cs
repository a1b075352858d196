using HealthChecks.UI.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace HealthChecks.UI.Core.HostedService;

internal sealed class HealthCheckCollectorHostedService(HealthCheckReportCollector collector, IOptions<Settings> settings, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Only then it is known where relative addresses are.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var whenStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        while (true)
        {
            await collector.CollectAsync(stoppingToken);
            await Task.Delay(TimeSpan.FromSeconds(settings.Value.EvaluationTimeInSeconds), stoppingToken);
        }
    }
}
