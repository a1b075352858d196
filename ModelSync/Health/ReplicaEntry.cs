using Microsoft.Extensions.Diagnostics.HealthChecks;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Health;

/// <summary>One replica in the health report: what it says of itself at its own address, and what its acks say.</summary>
internal static class ReplicaEntry
{
    public static readonly string[] Tags = ["replica"];

    public static string NameOf(ReplicaStatus replica) => $"replica {replica.Id}";

    /// <param name="answer">Null where it was not asked yet.</param>
    public static HealthReportEntry Of(ReplicaStatus replica, ReplicaAnswer? answer)
    {
        var (status, description) = (replica, answer) switch
        {
            ({ Address: null }, _) => (HealthStatus.Degraded, "It gave no address at which it could be asked."),
            (_, null) => (HealthStatus.Degraded, "It was not asked yet."),
            (_, { Obstacle: { } obstacle }) => (HealthStatus.Unhealthy, obstacle),
            ({ Connected: false }, _) => (HealthStatus.Degraded, "It is ready, but not connected."),
            _ => (HealthStatus.Healthy, Summary(replica)),
        };
        return new HealthReportEntry(status, description, answer?.Took ?? TimeSpan.Zero, null, DataOf(replica), Tags);
    }

    private static string? Summary(ReplicaStatus replica) => string.Join(", ", ModelsOf(replica)) is { Length: > 0 } models ? models : null;

    private static IEnumerable<string> ModelsOf(ReplicaStatus replica) =>
        from model in replica.Models.OrderBy(model => model.Key)
        from version in model.Value.OrderBy(version => version.Key)
        select $"{model.Key} {version.Key} {NameOf(version.Value.State)}";

    private static Dictionary<string, object> DataOf(ReplicaStatus replica)
    {
        var data = new Dictionary<string, object>
        {
            ["connected"] = replica.Connected,
            ["generation"] = replica.Generation,
            ["models"] = replica.Models.ToDictionary(
                model => model.Key.ToString(),
                model => model.Value.ToDictionary(version => version.Key.ToString(), version => version.Value.Reason is { } reason ? $"{NameOf(version.Value.State)}: {reason}" : NameOf(version.Value.State))),
        };
        if (replica.Address is { } address) data["address"] = address;
        if (replica.Pid is { } pid) data["pid"] = pid;
        return data;
    }

    private static string NameOf(AckState state) => state.ToString().ToLowerInvariant();
}
