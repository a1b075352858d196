using Microsoft.Extensions.Hosting;

namespace ModelPlatform.ServiceDefaults;

public static class HostStart
{
    /// <summary>Returns once the service listens: only then it can answer, and its address is known.</summary>
    public static async Task StartedAsync(this IHostApplicationLifetime lifetime, CancellationToken stopping)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stopping);
    }
}
