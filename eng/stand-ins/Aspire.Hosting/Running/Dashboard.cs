using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

/// <summary>The real dashboard, run by itself: it shows traces, metrics and structured logs, but no list of resources.</summary>
internal sealed class Dashboard(DashboardOptions options, ILogger<DistributedApplication> logger)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private Child? _child;

    public async Task RunAsync(string logFile, CancellationToken stopping)
    {
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = Origin(options.Url),
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = Origin(options.OtlpUrl),
            ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = "",
            ["ASPIRE_DASHBOARD_API_ENABLED"] = "true",
            ["DASHBOARD__API__AUTHMODE"] = "ApiKey",
            ["DASHBOARD__API__PRIMARYAPIKEY"] = options.ApiKey,
            ["DASHBOARD__FRONTEND__AUTHMODE"] = "BrowserToken",
            ["DASHBOARD__FRONTEND__BROWSERTOKEN"] = options.BrowserToken,
            ["DASHBOARD__FRONTEND__PUBLICURL"] = Origin(options.Url),
            ["DASHBOARD__OTLP__AUTHMODE"] = "ApiKey",
            ["DASHBOARD__OTLP__PRIMARYAPIKEY"] = options.OtlpKey,
        };
        _child = new(new(options.Binary, ["dashboard"], Path.GetDirectoryName(options.Binary)!, environment), logFile);
        await UntilListeningAsync(_child, stopping);
        if (!_child.Exited.IsCompleted) Announce();
        await _child.Exited.WaitAsync(stopping);
        logger.Complain($"The dashboard ended with exit code {await _child.Exited}.\n{_child.LastLines}");
    }

    public Task StopAsync() => _child?.StopAsync() ?? Task.CompletedTask;

    private async Task UntilListeningAsync(Child child, CancellationToken stopping)
    {
        while (!child.Exited.IsCompleted)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(options.Url.Host, options.Url.Port, stopping);
                return;
            }
            catch (SocketException) { await Task.Delay(LookEvery, stopping); }
        }
    }

    private void Announce()
    {
        var url = Origin(options.Url);
        var login = $"{url}/login?t={options.BrowserToken}";
        logger.Say($"Now listening on: {url}");
        logger.Say($"Login to the dashboard at {login}");
        logger.Say($"""
            Aspire Dashboard

             - Dashboard:  {url}
             - Login URL:  {login}
             - OTLP/gRPC:  {Origin(options.OtlpUrl)}

            """);
    }

    private static string Origin(Uri url) => url.GetLeftPart(UriPartial.Authority);
}
