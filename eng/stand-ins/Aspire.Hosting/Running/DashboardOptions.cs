using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Running;

internal sealed record DashboardOptions(Uri Url, Uri OtlpUrl, Uri? ResourceUrl, string BrowserToken, string OtlpKey, string ApiKey, string Binary)
{
    public static DashboardOptions From(IConfiguration configuration)
    {
        var url = Secured(configuration, "ASPNETCORE_URLS", "applicationUrl");
        var otlp = Secured(configuration, "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL");
        var resources = configuration["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] is null ? null : Secured(configuration, "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL");
        var binary = configuration["ASPIRE_DASHBOARD_PATH"] ?? AppHostMetadata.Find("aspiredashboardpath");
        if (!File.Exists(binary)) throw Invalid("Property DashboardPath: the dashboard is missing; eng/bootstrap unpacks it.");
        return new(
            url, otlp, resources,
            configuration["ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN"] ?? Token(),
            configuration["AppHost:OtlpApiKey"] ?? Token(),
            configuration["AppHost:DashboardApiKey"] ?? Token(),
            binary);
    }

    private static Uri Secured(IConfiguration configuration, string key, string name)
    {
        var first = configuration[key]?.Split(';')[0];
        if (string.IsNullOrEmpty(first)) throw Invalid($"AppHost does not have {name} in launch profile, or {key} environment variable is not set.");
        if (!Uri.TryCreate(first, UriKind.Absolute, out var url)) throw Invalid($"The '{name}' setting with value '{first}' is not a valid URI.");
        if (url.Scheme == "https" || configuration["ASPIRE_ALLOW_UNSECURED_TRANSPORT"]?.ToUpperInvariant() is "TRUE" or "1") return url;
        throw Invalid($"The '{name}' setting must be an https address unless the 'ASPIRE_ALLOW_UNSECURED_TRANSPORT' environment variable is set to true. This configuration is commonly set in the launch profile. See https://aka.ms/aspire/allowunsecuredtransport for more details.");
    }

    private static OptionsValidationException Invalid(string failure) => new("TransportOptions", typeof(DashboardOptions), [failure]);

    private static string Token() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
