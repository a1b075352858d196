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
        var looks = new PatientLooks();
        var started = Stopwatch.GetTimestamp();
        for (var look = await AgainAsync(); look is not { Obstacle: null }; look = await AgainAsync())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new CommandFailure(ExitCode.Failed, $"{model} is not unloaded after {Patience.TotalSeconds} s: {look?.Obstacle ?? "ModelSync does not answer."}");
            await timer.WaitForNextTickAsync(cancelled);
        }
        Console.WriteLine($"No replica serves {model}, after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s.");

        Task<Look?> AgainAsync() => looks.TryAsync(() => LookAsync(sync, model, cancelled));
    }

    private static async Task<Look> LookAsync(SyncApi sync, ModelName model, CancellationToken cancelled)
    {
        var state = await sync.StateAsync(cancelled);
        if (state is null) return new Look("ModelSync has published nothing yet.");
        if (state.Models.GetValueOrDefault(model) is { IsIdle: false }) return new Look($"ModelSync has not taken it out of the desired state (generation {state.Generation}).");
        var left = (await sync.ReplicasAsync(cancelled)).Where(replica => replica.Models.ContainsKey(model)).Select(replica => replica.Id).ToList();
        return new Look(left.Count == 0 ? null : $"these replicas have it still: {string.Join(", ", left)}");
    }

    /// <param name="Obstacle">Null where there is none.</param>
    private sealed record Look(string? Obstacle);
}
