using ModelPlatform.Bench.Hosting;
using ModelPlatform.Bench.Models;
using ModelPlatform.Bench.Peers;
using ModelPlatform.Bench.Report;

namespace ModelPlatform.Bench.Works;

internal static class ResNet152
{
    private const string Title = "ResNet-152";
    private const string Pictures = $"{Platform.Name}, pictures";
    private const string Tensors = $"{Platform.Name}, tensors over REST";
    private const string Grpc = $"{Platform.Name}, tensors over gRPC";
    private const int Connections = 8;

    public static async Task RunAsync(Workbench bench)
    {
        var model = ModelShelf.ResNet(152);
        await using var platform = await Platform.StartAsync(model);
        await using var raw = await RawRuntime.StartAsync(model);
        await using var peers = await bench.StartAsync(model, Peer.NodeTwo);
        var series = await bench.MeasureAsync(Title,
        [
            bench.Raw(RawRuntime.Name, raw, Environment.ProcessorCount, 8),
            bench.Saturated(Tensors, platform.Replica, await platform.BinaryTensorAsync(model), Connections, 8),
            bench.Saturated(Grpc, platform.Replica, await platform.GrpcTensorAsync(model), Connections, 8),
            bench.Saturated(Pictures, platform.Replica, platform.Classify(model.Name, ModelShelf.LargeJpeg), Connections, 8),
            .. peers.Select(peer => bench.Saturated($"{peer.Name}, pictures", peer, Peer.Classify(peer, ModelShelf.LargeJpeg), Connections, 8)),
        ]);
        bench.Report.AddChart("bench-resnet152.svg", Title, "answers/s", series, sample => sample.PerSecond);
        bench.Report.AddRatio("tensor throughput at saturation, ResNet-152, binary REST", "raw loop", Budget.Least(0.97), series, Tensors, RawRuntime.Name, sample => sample.PerSecond, "/s");
        bench.Report.AddRatio("tensor throughput at saturation, ResNet-152, gRPC", "raw loop", Budget.Least(0.95), series, Grpc, RawRuntime.Name, sample => sample.PerSecond, "/s");
        bench.Report.AddRatio("picture throughput at saturation, ResNet-152", "raw loop on tensors", Budget.Least(0.95), series, Pictures, RawRuntime.Name, sample => sample.PerSecond, "/s");
    }
}
