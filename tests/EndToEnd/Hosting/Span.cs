using System.Globalization;
using System.Text.Json.Nodes;

namespace ModelPlatform.Tests.EndToEnd.Hosting;

/// <summary>One span as the dashboard's telemetry API tells it (OTLP JSON).</summary>
internal sealed record Span(string Trace, string Id, string? Parent, string Name, string Service, string? Instance, IReadOnlyDictionary<string, string> Tags)
{
    public static IReadOnlyList<Span> Read(JsonNode answer) =>
        [.. from resource in answer["data"]!["resourceSpans"]!.AsArray()
            let about = Attributes(resource!["resource"]!["attributes"])
            from scope in resource!["scopeSpans"]!.AsArray()
            from span in scope!["spans"]!.AsArray()
            select new Span(
                (string)span!["traceId"]!, (string)span["spanId"]!, (string?)span["parentSpanId"], (string)span["name"]!,
                about["service.name"], about.GetValueOrDefault("service.instance.id"), Attributes(span["attributes"]))];

    private static Dictionary<string, string> Attributes(JsonNode? attributes) => (attributes?.AsArray() ?? [])
        .ToDictionary(pair => (string)pair!["key"]!, pair => Convert.ToString(pair!["value"]!.AsObject().First().Value?.ToString(), CultureInfo.InvariantCulture) ?? "");
}
