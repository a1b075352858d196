using ModelPlatform.Bench.Hosting;
using ModelPlatform.Bench.Models;
using ModelPlatform.Bench.Peers;
using ModelPlatform.Bench.Report;

namespace ModelPlatform.Bench.Works;

/// <summary>500×375 JPEGs into SqueezeNet: decoding weighs about as much as the model.</summary>
internal static class LargePictures
{
    private const string Title = "SqueezeNet, 500×375 JPEG";
    private const string Work = "picture throughput at saturation, SqueezeNet";
    private const int Connections = 8;

    public static async Task RunAsync(Workbench bench)
    {
        if (ModelShelf.SqueezeNet() is not { } model)
        {
            bench.Progress.Say("SqueezeNet is left out: the ImageNet model is not beside this checkout (../shared/data/imagenet).");
            return;
        }
        await using var platform = await Platform.StartAsync(model);
        await using var raw = await RawRuntime.StartAsync(model);
        await using var peers = await bench.StartAsync(model, Peer.NodeOne, Peer.NodeTwo, Peer.Original, Peer.Naive);

        var call = platform.Classify(model.Name, ModelShelf.LargeJpeg);
        var series = await bench.MeasureAsync(Title,
        [
            bench.Raw(RawRuntime.Name, raw, Environment.ProcessorCount, 4),
            bench.Saturated(Platform.Name, platform.Replica, call, Connections, 6),
            .. peers.Select(peer => bench.Saturated(peer.Name, peer, Peer.Classify(peer, ModelShelf.LargeJpeg), Connections, 6)),
        ]);
        bench.Report.AddChart("bench-squeezenet.svg", Title, "answers/s", series, sample => sample.PerSecond);
        bench.Report.AddRatio(Work, "raw loop on tensors", Budget.Least(0.75), series, Platform.Name, RawRuntime.Name, sample => sample.PerSecond, "/s");
        var node = series.Fastest([Peer.NodeOne.Name, Peer.NodeTwo.Name]);
        bench.Report.AddRatio(Work, "best Node peer", Budget.Least(1.35), series, Platform.Name, node, sample => sample.PerSecond, "/s");
        bench.Report.AddRatio(Work, "naive .NET", Budget.Least(1.9), series, Platform.Name, Peer.Naive.Name, sample => sample.PerSecond, "/s");

        await bench.CompareTailsAsync("SqueezeNet", Title, series, platform.Replica, call, peers, peer => Peer.Classify(peer, ModelShelf.LargeJpeg), name => name, seconds: 8);
    }
}
