using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ModelPlatform.Tests.Unit.Documents;

/// <summary>The table of a service's own metrics, made of the instruments that it creates.</summary>
internal static class MetricReference
{
    private const string Heading = """
        | metric | kind | unit | what it is |
        |---|---|---|---|
        """;

    public static string Of(Type metrics)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var services = new ServiceCollection();
        services.AddMetrics().AddOptions().AddSingleton(TimeProvider.System).AddLogging();
        foreach (var needed in metrics.GetConstructors()[0].GetParameters().Select(parameter => parameter.ParameterType).Where(type => type.IsClass)) services.AddSingleton(needed);
        using var provider = services.BuildServiceProvider();
        var meters = provider.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            // Other tests make meters at the same time.
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Scope == meters) found[instrument.Name] = RowOf(instrument);
            },
        };
        listener.Start();
        ActivatorUtilities.CreateInstance(provider, metrics);
        return string.Join('\n', [Heading, .. found.Values]);
    }

    // "Histogram`1" and "ObservableUpDownCounter`1" in words.
    private static string RowOf(Instrument instrument) =>
        $"| `{instrument.Name}` | {instrument.GetType().Name.Split('`')[0].Replace("Observable", "").ToLowerInvariant()} | {instrument.Unit} | {instrument.Description} |";
}
