using ModelPlatform.Bench.Hosting;
using ModelPlatform.Bench.Load;
using ModelPlatform.Bench.Models;
using ModelPlatform.Bench.Numbers;
using ModelPlatform.Bench.Peers;
using ModelPlatform.Bench.Report;

namespace ModelPlatform.Bench.Works;

/// <summary>A model that outweighs everything around it: what is lost to the limit, memory, and what too many requests do.</summary>
internal static class ResNet50
{
    private const string Title = "ResNet-50";
    private const string Pictures = $"{Platform.Name}, pictures";
    private const string Tensors = $"{Platform.Name}, tensors over REST";
    private const string Grpc = $"{Platform.Name}, tensors over gRPC";
    private const string Overload = $"{Platform.Name}, pictures at twice the saturation";
    private const int Connections = 8;
    // More than the server lets wait: nobody may be held back here instead of being refused there.
    private const int OverloadConnections = 600;
    private const int QueueFilled = 300;

    public static async Task RunAsync(Workbench bench)
    {
        var model = ModelShelf.ResNet(50);
        await using var platform = await Platform.StartAsync(model);
        await using var raw = await RawRuntime.StartAsync(model);
        await using var peers = await bench.StartAsync(model, Peer.NodeTwo, Peer.Original, Peer.Naive);
        var call = platform.Classify(model.Name, ModelShelf.LargeJpeg);
        await MemoryAsync(bench, platform.Replica, call, peers.FirstOrDefault(peer => peer.Name == Peer.Naive.Name));

        var saturation = Sample.Of(await LoadLoop.RunAsync(call, new LoadPlan(Connections, bench.Settings.WarmUp, TimeSpan.FromSeconds(3)), platform.Replica.CpuMilliseconds)).PerSecond;
        var series = await bench.MeasureAsync(Title,
        [
            bench.Raw(RawRuntime.Name, raw, Environment.ProcessorCount, 6),
            bench.Saturated(Tensors, platform.Replica, await platform.BinaryTensorAsync(model), Connections, 6),
            bench.Saturated(Grpc, platform.Replica, await platform.GrpcTensorAsync(model), Connections, 6),
            bench.Saturated(Pictures, platform.Replica, call, Connections, 6),
            .. peers.Select(peer => bench.Saturated($"{peer.Name}, pictures", peer, Peer.Classify(peer, ModelShelf.LargeJpeg), Connections, 6)),
            new Cell(Overload, () => OverloadAsync(bench, platform.Replica, call, 2 * saturation)),
        ]);
        bench.Report.AddChart("bench-resnet50.svg", Title, "answers/s", series, sample => sample.PerSecond);
        bench.Report.AddRatio("tensor throughput at saturation, ResNet-50, binary REST", "raw loop, CPU-ms of one answer", Budget.Least(0.97), series, RawRuntime.Name, Tensors, sample => sample.Cpu, " CPU-ms");
        bench.Report.AddRatio("tensor throughput at saturation, ResNet-50, gRPC", "raw loop, CPU-ms of one answer", Budget.Least(0.95), series, RawRuntime.Name, Grpc, sample => sample.Cpu, " CPU-ms");
        bench.Report.AddRatio("picture throughput at saturation, ResNet-50", "raw loop on tensors", Budget.Least(0.92), series, Pictures, RawRuntime.Name, sample => sample.PerSecond, "/s");

        const string Work = "overload at 2× saturation, open loop, ResNet-50";
        bench.Report.AddRatio($"{Work}: goodput", "saturation", Budget.Least(0.95), series, Overload, Pictures, sample => sample.PerSecond, "/s");
        bench.Report.AddValue($"{Work}: p99 of the accepted", "the deadline of 30 s", Budget.Most(30_000), "ms", series, Overload, sample => sample.P99);
        bench.Report.AddValue($"{Work}: p50 of the refused", "", Budget.Most(5), "ms", series, Overload, sample => sample.RefusedP50);
    }

    private static async Task<Sample> OverloadAsync(Workbench bench, Server server, HttpCall call, double rate)
    {
        var arrivals = new Arrivals(rate, seed: 50, atOnce: QueueFilled);
        return Sample.Of(await LoadLoop.RunAsync(call, new LoadPlan(OverloadConnections, TimeSpan.FromSeconds(2), bench.Settings.Seconds(6), arrivals), server.CpuMilliseconds));
    }

    private static async Task MemoryAsync(Workbench bench, Server ours, HttpCall call, Server? naive)
    {
        const string Work = "proportional set size with ResNet-50, after 1,000 requests";
        var requests = bench.Settings.Quick ? 100 : 1000;
        if (naive is null)
        {
            bench.Report.Add(new Finding(Work, "naive .NET", Budget.Most(0.6), "×", [], "the naive service could not be started"));
            return;
        }
        bench.Progress.Say($"{Title}: {requests} requests each to {ours.Name} and {naive.Name}, for their memory");
        var (mine, theirs) = (await AfterAsync(ours, call), await AfterAsync(naive, Peer.Classify(naive, ModelShelf.LargeJpeg)));
        bench.Report.Add(new Finding(Work, "naive .NET", Budget.Most(0.6), "×", [mine / theirs], FormattableString.Invariant($"{mine:0} MiB to {theirs:0} MiB")));

        async Task<double> AfterAsync(Server server, HttpCall call)
        {
            await LoadLoop.RunAsync(call, new LoadPlan(Connections, TimeSpan.Zero, TimeSpan.FromMinutes(2)) { Answers = requests }, server.CpuMilliseconds);
            return server.ProportionalMebibytes;
        }
    }
}
