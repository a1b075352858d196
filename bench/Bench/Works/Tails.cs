using ModelPlatform.Bench.Hosting;
using ModelPlatform.Bench.Load;
using ModelPlatform.Bench.Numbers;
using ModelPlatform.Bench.Report;

namespace ModelPlatform.Bench.Works;

/// <summary>The slowest answers at a rate that the best peer can bear.</summary>
internal static class Tails
{
    private const double Share = 0.6;
    private const int Connections = 128;
    private static int _seed;

    /// <param name="cell">The name of a server's cell in the series.</param>
    public static async Task CompareTailsAsync(
        this Workbench bench, string model, string title, Series saturated, Server ours, HttpCall call, IReadOnlyList<Server> peers, Func<Server, HttpCall> callOf, Func<string, string> cell, double seconds)
    {
        const string Against = "best peer at the same rate, its p99";
        var work = $"p99, open loop at 60 % of the best peer's saturation, {model}";
        if (peers.MaxBy(peer => saturated.Spread(cell(peer.Name), sample => sample.PerSecond).Median) is not { } best)
        {
            bench.Report.Add(new Finding(work, Against, Budget.Most(0.5), "×", [], "no peer can be had here"));
            return;
        }
        var rate = Share * saturated.Spread(cell(best.Name), sample => sample.PerSecond).Median;
        var series = await bench.MeasureAsync(FormattableString.Invariant($"{title}, open loop at {rate:0}/s"),
            [bench.Paced(Platform.Name, ours, call, Connections, rate, seconds), bench.Paced(best.Name, best, callOf(best), Connections, rate, seconds)]);
        bench.Report.AddChart($"bench-tail-{model.ToLowerInvariant()}.svg", FormattableString.Invariant($"{title}, p99 at {rate:0}/s"), "ms", series, sample => sample.P99);
        bench.Report.AddRatio(work, Against, Budget.Most(0.5), series, Platform.Name, best.Name, sample => sample.P99, " ms");
    }

    public static Cell Paced(this Workbench bench, string name, Server server, HttpCall call, int connections, double rate, double seconds) => new(name, async () =>
    {
        var plan = new LoadPlan(connections, bench.Settings.WarmUp, bench.Settings.Seconds(seconds), new Arrivals(rate, Interlocked.Increment(ref _seed)));
        return Sample.Of(await LoadLoop.RunAsync(call, plan, server.CpuMilliseconds));
    });
}
