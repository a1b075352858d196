using ModelPlatform.Bench.Hosting;
using ModelPlatform.Bench.Models;
using ModelPlatform.Bench.Peers;
using ModelPlatform.Bench.Report;

namespace ModelPlatform.Bench.Works;

/// <summary>One request at a time: what the server adds to Run, and how quick the low-latency profile is.</summary>
internal static class AddedLatency
{
    private const string Small = "tensor of 3 kB, binary";
    private const string Binary = "tensor of 602 kB, binary";
    private const string Json = "tensor of 1.6 MB, JSON";

    public static async Task RunAsync(Workbench bench)
    {
        var fashion = ModelShelf.Fashion;
        var large = ModelShelf.SqueezeNet() ?? ModelShelf.ResNet(18);
        var quick = ModelShelf.ResNet(50, members: ("quick", """ "execution": { "profile": "latency" }"""));
        await using var platform = await Platform.StartAsync(fashion, large, quick);
        await using var rawFashion = await RawRuntime.StartAsync(fashion);
        await using var rawLarge = await RawRuntime.StartAsync(large);
        await using var peers = await bench.StartAsync(quick, Peer.NodeOne);

        const string RawFashion = $"{RawRuntime.Name}, fashion";
        var rawOfLarge = $"{RawRuntime.Name}, {large.Name}";
        const string Quick = $"{Platform.Name}, ResNet-50 in the low-latency profile";
        var one = await bench.MeasureAsync("One connection",
        [
            bench.Raw(RawFashion, rawFashion, 1, 2),
            bench.Saturated(Small, platform.Replica, await platform.BinaryTensorAsync(fashion), 1, 3),
            bench.Raw(rawOfLarge, rawLarge, 1, 3),
            bench.Saturated(Binary, platform.Replica, await platform.BinaryTensorAsync(large), 1, 3),
            bench.Saturated(Json, platform.Replica, await platform.JsonTensorAsync(large), 1, 3),
            bench.Saturated(Quick, platform.Replica, platform.Classify(quick.Name, ModelShelf.LargeJpeg), 1, 5),
            .. peers.Select(peer => bench.Saturated($"{peer.Name}, ResNet-50", peer, Peer.Classify(peer, ModelShelf.LargeJpeg), 1, 5)),
        ]);
        Added(Small, RawFashion, 0.2);
        Added(Binary, rawOfLarge, 1.2);
        Added(Json, rawOfLarge, 6);
        bench.Report.AddRatio("ResNet-50, 1 connection, low-latency profile, p50", "one Node process, intra-op 2", Budget.Most(1),
            one, Quick, peers.Select(peer => $"{peer.Name}, ResNet-50").FirstOrDefault(), sample => sample.P50, " ms");

        void Added(string cell, string raw, double most) => bench.Report.Add(new Finding(
            $"added latency, 1 connection, p50: {cell}", "direct Run", Budget.Most(most), "ms", one.Pairs(cell, raw, (sample, direct) => sample.P50 - direct.P50),
            FormattableString.Invariant($"{one.Spread(cell, sample => sample.P50).Median:0.000} ms to {one.Spread(raw, sample => sample.P50).Median:0.000} ms")));
    }
}
