using ModelPlatform.Bench.Hosting;
using ModelPlatform.Bench.Models;
using ModelPlatform.Bench.Report;

namespace ModelPlatform.Bench.Works;

/// <summary>Whether memory stays after many reloads what it was after a few.</summary>
internal static class Reloads
{
    private const int Settled = 10;
    private const int Tell = 20;
    // One reading depends on when the collector last ran.
    private const int Readings = 3;

    public static async Task RunAsync(Workbench bench)
    {
        var model = ModelShelf.ResNet(18);
        await using var platform = await Platform.StartAsync(model);
        await platform.ChooseAsync(model.Name, 1);
        await platform.PublishAsync(ModelShelf.ResNet(18, seed: 1), version: 2);

        List<double> mebibytes = [];
        for (var reload = 1; reload <= bench.Settings.Reloads; reload++)
        {
            var version = 1 + reload % 2;
            await platform.ChooseAsync(model.Name, version);
            await platform.ServesAsync(model.Name, version);
            mebibytes.Add(platform.Replica.ProportionalMebibytes);
            if (reload % Tell == 0) bench.Progress.Say(FormattableString.Invariant($"{reload} of {bench.Settings.Reloads} reloads of ResNet-18: {mebibytes[^1]:0} MiB"));
        }
        var (before, after) = (Median(mebibytes.Take(Settled)), Median(mebibytes));
        bench.Report.Add(new Finding($"memory after {bench.Settings.Reloads} reloads of ResNet-18 size", $"after {Settled}", Budget.Most(1.1), "×", [after / before],
            FormattableString.Invariant($"{after:0} MiB to {before:0} MiB, medians of the last {Readings} reloads; most {mebibytes.Max():0} MiB")));

        static double Median(IEnumerable<double> upTo) => Numbers.Spread.Of(upTo.TakeLast(Readings)).Median;
    }
}
