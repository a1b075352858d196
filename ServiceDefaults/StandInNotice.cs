using System.Reflection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ModelPlatform.ServiceDefaults;

/// <summary>Says at start which packages are stand-ins, so that nobody mistakes their behaviour for the real thing's.</summary>
internal sealed partial class StandInNotice(ILogger<StandInNotice> logger) : IHostedLifecycleService
{
    private const string Mark = "+stand-in";

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (Loaded() is { Length: > 0 } names) Log.RunsOnStandIns(logger, string.Join(", ", names));
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static string[] Loaded() => [.. AppDomain.CurrentDomain.GetAssemblies()
        .Where(assembly => assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.EndsWith(Mark, StringComparison.Ordinal) == true)
        .Select(assembly => assembly.GetName().Name!)
        .Order(StringComparer.Ordinal)];

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Runs on stand-ins for the packages {Assemblies}: not for production.")]
        public static partial void RunsOnStandIns(ILogger logger, string assemblies);
    }
}
