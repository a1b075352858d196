using System.Globalization;
using System.Text.Json.Nodes;

namespace ModelPlatform.Tests.Deployment.Kubernetes;

internal static class Quantity
{
    private static readonly (string Suffix, double Factor)[] Suffixes = [("Ki", 1 << 10), ("Mi", 1 << 20), ("Gi", 1 << 30), ("m", 0.001), ("", 1)];

    public static double Of(JsonNode? quantity)
    {
        var text = quantity?.ToString() ?? "0";
        var (suffix, factor) = Suffixes.First(suffix => text.EndsWith(suffix.Suffix, StringComparison.Ordinal));
        return double.Parse(text[..^suffix.Length], CultureInfo.InvariantCulture) * factor;
    }
}
