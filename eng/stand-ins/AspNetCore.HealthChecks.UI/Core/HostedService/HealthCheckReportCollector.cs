using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using HealthChecks.UI.Configuration;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HealthChecks.UI.Core.HostedService;

/// <summary>Asks one target after the other.</summary>
internal sealed partial class HealthCheckReportCollector(
    IHttpClientFactory clients, IServer server, ExecutionHistory executions, IOptions<Settings> settings, ILogger<HealthCheckReportCollector> logger)
{
    public const string ClientName = "health-checks";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public async Task CollectAsync(CancellationToken stopping)
    {
        foreach (var (i, target) in settings.Value.HealthChecks.Index()) executions.Save(i + 1, target, await ReportOfAsync(target, stopping));
    }

    private async Task<UIHealthReport> ReportOfAsync(HealthCheckSetting target, CancellationToken stopping)
    {
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var response = await client.GetAsync(AddressOf(target), HttpCompletionOption.ResponseHeadersRead, stopping);
            if (!response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType != "application/json")
                return UIHealthReport.CreateFrom(new InvalidOperationException($"HTTP response is not in valid state ({response.StatusCode}) when trying to get report from {target.Uri} configured with name {target.Name}."));
            return await response.Content.ReadFromJsonAsync<UIHealthReport>(Json, stopping) ?? throw new InvalidOperationException("ReadFromJsonAsync returned null");
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            Log.Failed(logger, failure, target.Uri, target.Name);
            return UIHealthReport.CreateFrom(failure);
        }
    }

    private Uri AddressOf(HealthCheckSetting target)
    {
        if (Uri.TryCreate(target.Uri, UriKind.Absolute, out var absolute) && absolute.Scheme is "http" or "https") return absolute;
        var own = server.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new Uri($"{own.TrimEnd('/')}/{target.Uri.TrimStart('/')}");
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "GetHealthReport threw an exception when trying to get report from {Uri} configured with name {Name}.")]
        public static partial void Failed(ILogger logger, Exception failure, string uri, string name);
    }
}
