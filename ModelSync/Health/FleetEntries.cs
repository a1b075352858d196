using Microsoft.Extensions.Diagnostics.HealthChecks;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Replicas;

namespace ModelPlatform.Sync.Health;

/// <summary>
/// The entries of all replicas. The health page asks for the report every few seconds and keeps what it gets: beyond a number that somebody can look
/// through, those in trouble come first, and the rest have one entry together.
/// </summary>
internal static class FleetEntries
{
    public const int MaxReplicas = 100;
    public const string Rest = "replicas, the rest";

    public static Dictionary<string, HealthReportEntry> Of(IReadOnlyList<Replica> replicas, IReadOnlyDictionary<string, ReplicaAnswer> answers, DesiredState? published)
    {
        // From Unhealthy to Healthy, as their numbers grow.
        var judged = replicas.Select(replica => (Replica: replica, Status: StatusOf(replica)))
            .OrderBy(one => one.Status).ThenBy(one => one.Replica.Id).ToList();
        var entries = new Dictionary<string, HealthReportEntry>();
        foreach (var replica in judged.Take(MaxReplicas).Select(one => one.Replica).OrderBy(replica => replica.Id))
        {
            var status = replica.ToStatus();
            entries[ReplicaEntry.NameOf(status)] = ReplicaEntry.Of(status, AnswerOf(replica), published);
        }
        if (judged.Count > MaxReplicas) entries[Rest] = Together([.. judged.Skip(MaxReplicas).Select(one => one.Status)]);
        return entries;

        ReplicaAnswer? AnswerOf(Replica replica) => replica.Address is { } address ? answers.GetValueOrDefault(address) : null;

        HealthStatus StatusOf(Replica replica) => ReplicaEntry.Judge(replica.Address, replica.Watch is not null, AnswerOf(replica)).Status;
    }

    private static HealthReportEntry Together(IReadOnlyList<HealthStatus> rest)
    {
        var healthy = rest.Count(status => status == HealthStatus.Healthy);
        return new HealthReportEntry(rest[0], $"{healthy} of {rest.Count} more are healthy; {SyncRoutes.Replicas} has them all.", TimeSpan.Zero, null, null, ReplicaEntry.Tags);
    }
}
