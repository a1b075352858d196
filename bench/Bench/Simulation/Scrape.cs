using System.Globalization;

namespace ModelPlatform.Bench.Simulation;

/// <summary>What a service tells Prometheus.</summary>
internal sealed class Scrape(string text)
{
    public static async Task<Scrape> OfAsync(HttpClient client) => new(await client.GetStringAsync(new Uri("/metrics", UriKind.Relative)));

    /// <summary>Over all labels; 0 where nothing was counted yet.</summary>
    public double Sum(string name) => text.Split('\n')
        .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is ' ' or '{')
        .Sum(line => double.Parse(Value(line, name), CultureInfo.InvariantCulture));

    // A label may hold anything but a brace that nothing follows; a time may follow the value.
    private static string Value(string line, string name) =>
        line[(Math.Max(line.LastIndexOf('}'), name.Length - 1) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
}
