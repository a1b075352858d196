using Microsoft.Extensions.Configuration;

namespace ModelPlatform.ServiceDefaults;

internal sealed class MetricsOptions
{
    public const string Section = "Metrics";

    /// <summary>Whether Prometheus may fetch the metrics at `/metrics`, which like the health reports needs no key. OTLP is not concerned.</summary>
    public bool Prometheus { get; set; }

    // Read while the service is put together: what is registered and mapped depends on it.
    public static MetricsOptions Of(IConfiguration configuration) => configuration.GetSection(Section).Get<MetricsOptions>() ?? new MetricsOptions();
}
