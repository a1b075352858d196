using ModelPlatform.Bench.Hosting;
using ModelPlatform.Bench.Models;
using ModelPlatform.Bench.Peers;
using ModelPlatform.Bench.Report;

namespace ModelPlatform.Bench.Works;

internal static class StartUp
{
    public static async Task RunAsync(Workbench bench)
    {
        var model = ModelShelf.Fashion;
        await using var platform = await Platform.StartAsync(model);
        List<double> ours = [];
        List<double> naive = [];
        for (var round = 1; round <= bench.Settings.Rounds; round++)
        {
            await platform.RestartReplicaAsync(model);
            ours.Add(platform.Replica.StartUp.TotalSeconds);
            await using var peer = await Peer.Naive.StartAsync(model);
            naive.Add(peer.StartUp.TotalSeconds);
            bench.Progress.Say(FormattableString.Invariant($"start to first answer, round {round} of {bench.Settings.Rounds}: {Platform.Name} {ours[^1]:0.00} s, {peer.Name} {naive[^1]:0.00} s"));
        }
        bench.Report.Add(new Finding("process start to first answer, fashion, model in cache", "naive .NET, seconds more", Budget.Most(1), "s",
            [.. ours.Zip(naive, (mine, theirs) => mine - theirs)],
            FormattableString.Invariant($"{Numbers.Spread.Of(ours).Median:0.00} s to {Numbers.Spread.Of(naive).Median:0.00} s")));
    }
}
