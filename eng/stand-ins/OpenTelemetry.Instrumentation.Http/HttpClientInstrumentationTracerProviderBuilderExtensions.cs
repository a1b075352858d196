using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Instrumentation.Http;

namespace OpenTelemetry.Trace;

public static class HttpClientInstrumentationTracerProviderBuilderExtensions
{
    public static TracerProviderBuilder AddHttpClientInstrumentation(this TracerProviderBuilder builder) => builder.AddHttpClientInstrumentation(null);

    public static TracerProviderBuilder AddHttpClientInstrumentation(
        this TracerProviderBuilder builder, Action<HttpClientTraceInstrumentationOptions>? configureHttpClientTraceInstrumentationOptions)
    {
        builder.ConfigureServices(services =>
        {
            services.AddOptions();
            if (configureHttpClientTraceInstrumentationOptions is not null)
                services.Configure(configureHttpClientTraceInstrumentationOptions);
        });
        return builder
            .AddSource("System.Net.Http")
            .AddInstrumentation(services => new OutgoingRequests(services.GetRequiredService<IOptions<HttpClientTraceInstrumentationOptions>>().Value));
    }
}
