using ModelPlatform.Bench.Hosting;
using ModelPlatform.Bench.Load;
using ModelPlatform.Bench.Models;
using ModelPlatform.Bench.Numbers;
using ModelPlatform.Bench.Report;

namespace ModelPlatform.Bench.Works;

/// <summary>Requests to one model while another of 240 MB is loaded.</summary>
internal static class OtherLoads
{
    private const double Share = 0.3;
    private const int Connections = 128;
    private const string Steady = "steady";
    private const string Loading = "while another model loads";

    public static async Task RunAsync(Workbench bench)
    {
        var model = ModelShelf.SqueezeNet() ?? ModelShelf.ResNet(18);
        var other = ModelShelf.ResNet(152);
        await using var platform = await Platform.StartAsync(model, other);
        await platform.ChooseAsync(other.Name, 1);
        await platform.PublishAsync(ModelShelf.ResNet(152, seed: 1), version: 2);

        var call = platform.Classify(model.Name, ModelShelf.LargeJpeg);
        // Both versions come into the cache, so that no download takes part.
        await LoadAsync(platform, other, 2);
        await LoadAsync(platform, other, 1);
        var saturation = Sample.Of(await LoadLoop.RunAsync(call, new LoadPlan(8, bench.Settings.WarmUp, TimeSpan.FromSeconds(3)), platform.Replica.CpuMilliseconds)).PerSecond;
        var next = 2;
        var seed = 30;
        var series = await bench.MeasureAsync(FormattableString.Invariant($"{model.Name} at 30 % of its saturation, {Share * saturation:0}/s"),
        [
            new Cell(Steady, async () => Sample.Of(await LoadLoop.RunAsync(call, Plan(bench.Settings.Seconds(8)), platform.Replica.CpuMilliseconds))),
            new Cell(Loading, async () =>
            {
                using var loaded = new CancellationTokenSource();
                var load = LoadLoop.RunAsync(call, Plan(TimeSpan.FromSeconds(60)), platform.Replica.CpuMilliseconds, loaded.Token);
                await Task.Delay(bench.Settings.WarmUp);
                await LoadAsync(platform, other, next);
                await loaded.CancelAsync();
                next = 3 - next;
                return Sample.Of(await load);
            }),
        ]);
        bench.Report.AddRatio("p99 at 30 % load while another model of 240 MB loads", "steady p99", Budget.Most(1.2), series, Loading, Steady, sample => sample.P99, " ms");

        LoadPlan Plan(TimeSpan measured) => new(Connections, bench.Settings.WarmUp, measured, new Arrivals(Share * saturation, seed++));
    }

    private static async Task LoadAsync(Platform platform, BenchModel model, int version)
    {
        await platform.ChooseAsync(model.Name, version);
        await platform.ServesAsync(model.Name, version);
    }
}
