using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Aspirate;

/// <summary>Puts values in the place of {resource.property} in a manifest, in the ways and with the oddities of the real one.</summary>
internal sealed partial class Placeholders(JsonObject resources, IReadOnlyDictionary<string, string> parameters)
{
    public string Resolve(string text)
    {
        while (true)
        {
            var next = Pattern().Replace(text, match => ValueOf(match.Groups[1].Value.Split('.')) ?? match.Value);
            if (next == text) return text;
            text = next;
        }
    }

    public static int? TargetPortOf(string name, JsonNode binding) => binding["targetPort"]?.GetValue<int>() ?? name switch { "http" => 8080, "https" => 8443, _ => null };

    private string? ValueOf(string[] path)
    {
        var resource = resources[path[0]] ?? throw new GenerateException($"(1500) Unknown resource '{path[0]}' in reference expression '{string.Join('.', path)}'", exitCode: 220);
        return path[1..] switch
        {
            ["bindings", var name, var property] => Binding(path[0], name, resource["bindings"]![name]!, property),
            ["inputs", "value"] when resource["inputs"]?["value"] is not null => parameters.TryGetValue(path[0], out var value)
                ? value
                : throw new GenerateException("Cannot obtain non-generated values for inputs in non-interactive mode. Inputs are required according to the manifest."),
            [var property] => resource[property]?.ToString(),
            _ => null,
        };
    }

    // A URL leads to the target port, whatever the Service says; one with a name of its own has no scheme.
    private static string Binding(string resource, string name, JsonNode binding, string property) => (property, name) switch
    {
        ("host", _) => resource,
        ("scheme", _) => "http",
        ("targetPort", _) => $"{TargetPortOf(name, binding)}",
        ("port", _) => $"{binding["port"] ?? TargetPortOf(name, binding)}",
        ("url", "http") => $"http://{resource}:{TargetPortOf(name, binding)}",
        ("url", "https") => "",
        ("url", _) => $"{resource}:{TargetPortOf(name, binding)}",
        _ => throw new GenerateException($"(1501) Unknown property {property} in reference expression '{resource}.bindings.{name}.{property}'", exitCode: 221),
    };

    [GeneratedRegex(@"\{([\w\.-]+)\}")] private static partial Regex Pattern();
}
