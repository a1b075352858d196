namespace OpenTelemetry.Metrics;

public static class MeterProviderBuilderExtensions
{
    // From .NET 9 on the runtime has the instruments itself.
    public static MeterProviderBuilder AddRuntimeInstrumentation(this MeterProviderBuilder builder) => builder.AddMeter("System.Runtime");
}
