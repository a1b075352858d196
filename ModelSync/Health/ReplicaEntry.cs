using Microsoft.Extensions.Diagnostics.HealthChecks;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Rollouts;

namespace ModelPlatform.Sync.Health;

/// <summary>One replica in the health report: what it says of itself at its own address, and what its acks say.</summary>
internal static class ReplicaEntry
{
    public static readonly string[] Tags = ["replica"];

    public static string NameOf(ReplicaStatus replica) => $"replica {replica.Id}";

    /// <param name="answer">Null where it was not asked yet.</param>
    public static HealthReportEntry Of(ReplicaStatus replica, ReplicaAnswer? answer, DesiredState? published)
    {
        var (status, trouble) = Judge(replica.Address, replica.Connected, answer);
        return new HealthReportEntry(status, trouble ?? Summary(replica, published), answer?.Took ?? TimeSpan.Zero, null, DataOf(replica, published), Tags);
    }

    /// <returns>No trouble where it is healthy.</returns>
    public static (HealthStatus Status, string? Trouble) Judge(string? address, bool isConnected, ReplicaAnswer? answer) => (address, answer) switch
    {
        (null, _) => (HealthStatus.Degraded, "It gave no address at which it could be asked."),
        (_, null) => (HealthStatus.Degraded, "It was not asked yet."),
        (_, { Obstacle: { } obstacle }) => (HealthStatus.Unhealthy, obstacle),
        _ when !isConnected => (HealthStatus.Degraded, "It is ready, but not connected."),
        _ => (HealthStatus.Healthy, null),
    };

    private static string? Summary(ReplicaStatus replica, DesiredState? published) => string.Join(", ", ModelsOf(replica, published)) is { Length: > 0 } models ? models : null;

    private static IEnumerable<string> ModelsOf(ReplicaStatus replica, DesiredState? published) =>
        from model in replica.Models.OrderBy(model => model.Key)
        from version in model.Value.OrderBy(version => version.Key)
        select $"{model.Key} {version.Key} {StateOf(model.Key, version.Value, published)}";

    private static Dictionary<string, object> DataOf(ReplicaStatus replica, DesiredState? published)
    {
        var data = new Dictionary<string, object>
        {
            ["connected"] = replica.Connected,
            ["generation"] = replica.Generation,
            ["models"] = replica.Models.ToDictionary(
                model => model.Key.ToString(),
                model => model.Value.ToDictionary(version => version.Key.ToString(), version => StateOf(model.Key, version.Value, published) + (version.Value.Reason is { } reason ? $": {reason}" : ""))),
        };
        if (replica.Address is { } address) data["address"] = address;
        if (replica.Pid is { } pid) data["pid"] = pid;
        return data;
    }

    /// <summary>In a rollout the replica proves what others do not have yet.</summary>
    private static string StateOf(ModelName model, VersionStatus version, DesiredState? published) =>
        version.State.ToString().ToLowerInvariant() + (Proving.Includes(published, model, version.Identity) ? " (candidate)" : "");
}
