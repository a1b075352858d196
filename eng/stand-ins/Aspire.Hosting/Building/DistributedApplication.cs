using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

public sealed partial class DistributedApplication : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly string _directory;

    internal DistributedApplication(IHost host, string directory) => (_host, _directory) = (host, directory);

    public IServiceProvider Services => _host.Services;

    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(args);

    public void Run() => RunAsync().Wait();

    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        var logger = Services.GetRequiredService<ILogger<DistributedApplication>>();
        Log.Version(logger, AppHostMetadata.HostingVersion);
        if (Services.GetRequiredService<DistributedApplicationExecutionContext>().IsPublishMode)
        {
            Log.CannotPublish(logger);
            Environment.ExitCode = 1;
            return;
        }
        Log.Starting(logger);
        Log.HostDirectory(logger, _directory);
        await _host.RunAsync(cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        return default;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 0, Level = LogLevel.Information, Message = "Aspire AppHost version: {Version}")]
        public static partial void Version(ILogger logger, string version);

        [LoggerMessage(EventId = 0, Level = LogLevel.Information, Message = "Distributed application starting.")]
        public static partial void Starting(ILogger logger);

        [LoggerMessage(EventId = 0, Level = LogLevel.Information, Message = "Application host directory is: {Directory}")]
        public static partial void HostDirectory(ILogger logger, string directory);

        [LoggerMessage(EventId = 0, Level = LogLevel.Error, Message = "This stand-in for Aspire.Hosting runs applications but cannot publish them.")]
        public static partial void CannotPublish(ILogger logger);
    }
}
