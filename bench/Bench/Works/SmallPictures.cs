using ModelPlatform.Bench.Hosting;
using ModelPlatform.Bench.Models;
using ModelPlatform.Bench.Peers;
using ModelPlatform.Bench.Report;

namespace ModelPlatform.Bench.Works;

/// <summary>28×28 pictures into a model of almost no cost: decoding and HTTP are all there is.</summary>
internal static class SmallPictures
{
    private const string Title = "fashion, 28×28";
    private const int Connections = 16;

    public static async Task RunAsync(Workbench bench)
    {
        var model = ModelShelf.Fashion;
        await using var platform = await Platform.StartAsync(model);
        await using var peers = await bench.StartAsync(model, Peer.NodeOne, Peer.NodeTwo, Peer.Original, Peer.Naive);

        List<Cell> cells = [];
        foreach (var (kind, picture) in new[] { ("JPEG", ModelShelf.SmallJpeg), ("PNG", ModelShelf.SmallPng) })
        {
            cells.Add(bench.Saturated($"{Platform.Name}, {kind}", platform.Replica, platform.Classify(model.Name, picture), Connections, 4));
            cells.AddRange(peers.Select(peer => bench.Saturated($"{peer.Name}, {kind}", peer, Peer.Classify(peer, picture), Connections, 4)));
        }
        var series = await bench.MeasureAsync(Title, cells);
        bench.Report.AddChart("bench-fashion.svg", Title, "answers/s", series, sample => sample.PerSecond);
        foreach (var kind in new[] { "JPEG", "PNG" })
        {
            var best = series.Fastest(peers.Select(peer => $"{peer.Name}, {kind}"));
            bench.Report.AddRatio("28×28 pictures, fashion, " + kind, "best peer of any kind", Budget.Least(5), series, $"{Platform.Name}, {kind}", best, sample => sample.PerSecond, "/s");
        }

        await bench.CompareTailsAsync(model.Name, Title, series, platform.Replica, platform.Classify(model.Name, ModelShelf.SmallJpeg),
            peers, peer => Peer.Classify(peer, ModelShelf.SmallJpeg), name => $"{name}, JPEG", seconds: 6);
    }
}
