using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

/// <summary>Starts a replica and stays with it to its end. Nothing is started twice.</summary>
internal sealed class ReplicaRunner(
    DashboardOptions dashboard, DistributedApplicationExecutionContext executionContext, ResourceNotificationService notifications, ILogger<DistributedApplication> logger)
{
    private readonly ConcurrentDictionary<Replica, Child> _children = new();

    /// <summary>Returns, once the replica was started, what goes on as long as it lives.</summary>
    public async Task<Task> StartAsync(Replica replica, string logFolder, CancellationToken stopping)
    {
        void Report(string state) => notifications.Report(replica.Resource, replica.DisplayName, state);
        try
        {
            // Only a parameter without a value keeps it from being there at once.
            var command = CommandOf(replica, stopping);
            if (!command.IsCompleted) Report(KnownResourceStates.Waiting);
            var program = await command;
            Report(KnownResourceStates.Starting);
            var child = new Child(program, Path.Combine(logFolder, $"{replica.Id}.log"));
            _children[replica] = child;
            replica.Attach();
            Report(KnownResourceStates.Running);
            return FollowAsync(replica, child, stopping);
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            logger.Complain($"{replica.DisplayName} could not be started.", failure);
            Report(KnownResourceStates.FailedToStart);
            return Task.CompletedTask;
        }
    }

    public Task StopAllAsync() => Task.WhenAll(_children.Values.Select(child => child.StopAsync()));

    private async Task FollowAsync(Replica replica, Child child, CancellationToken stopping)
    {
        var exitCode = await child.Exited;
        replica.Detach();
        _children.TryRemove(replica, out _);
        if (stopping.IsCancellationRequested) return;
        notifications.Report(replica.Resource, replica.DisplayName, KnownResourceStates.Finished, exitCode);
        if (exitCode != 0) logger.Complain($"{replica.DisplayName}: the last lines of its output were\n{child.LastLines}");
    }

    private async Task<Command> CommandOf(Replica replica, CancellationToken stopping)
    {
        var (file, folder, leading) = replica.Resource switch
        {
            ProjectResource project => ProgramOf(project.Annotations.OfType<IProjectMetadata>().Single().ProjectPath),
            ExecutableResource executable => (executable.Command, executable.WorkingDirectory, []),
            var other => throw new NotSupportedException($"This stand-in starts projects and executables only, not a {other.GetType().Name}."),
        };
        var arguments = new List<string>(leading);
        foreach (var value in replica.Resource.Annotations.OfType<Arguments>().SelectMany(list => list.Values))
            arguments.Add(await Values.ResolveAsync(value, replica, stopping) ?? "");
        return new(file, arguments, folder, await EnvironmentOf(replica, stopping));
    }

    private static (string File, string Folder, string[] Leading) ProgramOf(string projectPath)
    {
        var folder = Path.GetDirectoryName(projectPath)!;
        var assembly = AppHostMetadata.BinaryOf(projectPath);
        if (!File.Exists(assembly)) throw new DistributedApplicationException($"'{projectPath}' has not been built.");
        var host = Path.ChangeExtension(assembly, null);
        return File.Exists(host) ? (host, folder, []) : ("dotnet", folder, [assembly]);
    }

    private async Task<Dictionary<string, string>> EnvironmentOf(Replica replica, CancellationToken stopping)
    {
        var context = new EnvironmentCallbackContext(executionContext, []);
        if (replica.Resource is ProjectResource)
        {
            context.EnvironmentVariables["OTEL_EXPORTER_OTLP_ENDPOINT"] = dashboard.OtlpUrl.GetLeftPart(UriPartial.Authority);
            context.EnvironmentVariables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={dashboard.OtlpKey}";
        }
        foreach (var callback in replica.Resource.Annotations.OfType<EnvironmentCallback>()) callback.Run(context);
        var environment = new Dictionary<string, string>();
        foreach (var (name, value) in context.EnvironmentVariables) environment[name] = await Values.ResolveAsync(value, replica, stopping) ?? "";
        return environment;
    }
}
