using ModelPlatform.Bench.Hosting;
using ModelPlatform.Bench.Load;
using ModelPlatform.Bench.Models;
using ModelPlatform.Bench.Peers;
using ModelPlatform.Bench.Report;
using ModelPlatform.Bench.Works;

namespace ModelPlatform.Bench;

/// <summary>What all works share.</summary>
internal sealed record Workbench(BenchSettings Settings, Progress Progress, BenchReport Report)
{
    /// <summary>As many answers as there can be: each one brings the next request.</summary>
    public Cell Saturated(string name, Server server, HttpCall call, int connections, double seconds) => new(name, async () =>
        Sample.Of(await LoadLoop.RunAsync(call, new LoadPlan(connections, Settings.WarmUp, Settings.Seconds(seconds)), server.CpuMilliseconds)));

    public Cell Saturated(string name, Server server, GrpcLoad load, int connections, double seconds) => new(name, async () =>
        Sample.Of(await load.RunAsync(new LoadPlan(connections, Settings.WarmUp, Settings.Seconds(seconds)), server.CpuMilliseconds)));

    public Cell Raw(string name, RawRuntime raw, int threads, double seconds) => new(name, () => raw.MeasureAsync(threads, Settings.WarmUp, Settings.Seconds(seconds)));

    /// <returns>Without those that cannot be had on this machine, which are named.</returns>
    public async Task<StartedPeers> StartAsync(BenchModel model, params Peer[] peers)
    {
        var started = new StartedPeers();
        foreach (var peer in peers)
        {
            try { started.Add(await peer.StartAsync(model)); }
            catch (InvalidOperationException problem) { Progress.Say($"{peer.Name} is left out: {problem.Message}"); }
        }
        return started;
    }
}
