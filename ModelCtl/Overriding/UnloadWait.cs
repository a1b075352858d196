using System.Diagnostics;
using ModelPlatform.Cli.Servers;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Cli.Overriding;

internal static class UnloadWait
{
    // ModelSync looks every 18 s at the latest, and a replica lets requests end.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public static async Task UntilGoneAsync(SyncApi sync, ModelName model, CancellationToken cancelled)
    {
        using var timer = new PeriodicTimer(Pause);
        var started = Stopwatch.GetTimestamp();
        while (await ObstacleAsync(sync, model, cancelled) is { } obstacle)
        {
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new CommandFailure(ExitCode.Failed, $"{model} is not unloaded after {Patience.TotalSeconds} s: {obstacle}");
            await timer.WaitForNextTickAsync(cancelled);
        }
        Console.WriteLine($"No replica serves {model}, after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s.");
    }

    private static async Task<string?> ObstacleAsync(SyncApi sync, ModelName model, CancellationToken cancelled)
    {
        var state = await sync.StateAsync(cancelled);
        if (state is null) return "ModelSync has published nothing yet.";
        if (state.Models.GetValueOrDefault(model) is { IsIdle: false }) return $"ModelSync has not taken it out of the desired state (generation {state.Generation}).";
        var left = (await sync.ReplicasAsync(cancelled)).Where(replica => replica.Models.ContainsKey(model)).Select(replica => replica.Id).ToList();
        return left.Count == 0 ? null : $"these replicas have it still: {string.Join(", ", left)}";
    }
}
