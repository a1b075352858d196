using System.Globalization;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Cli.Status;

/// <summary>A report for people. What others wrote (ids, reasons, blob names) may hold anything, and a terminal obeys some of it.</summary>
internal static class StatusOutput
{
    private const int MostProblems = 20;
    private const int LongestReason = 1000;

    public static void Write(StatusReport report)
    {
        Console.WriteLine(report.Generation is { } generation
            ? string.Create(CultureInfo.InvariantCulture, $"generation {generation}, published {report.Published:yyyy-MM-dd HH:mm:ss} UTC")
            : "ModelSync has published nothing yet.");
        var connected = report.Replicas.Count(replica => replica.Connected);
        if (report.Versions.Count > 0)
        {
            Console.WriteLine();
            TextTable.Write(["MODEL", "VERSION", "DESIRED", "SERVED BY", "ELSE"], report.Versions.Select(version => Row(version, connected)));
        }
        foreach (var line in report.Versions.SelectMany(Reasons).Concat(report.Models.SelectMany(ModelWords.Of))) Console.WriteLine(line);

        Console.WriteLine();
        if (report.Replicas.Count == 0) Console.WriteLine("No replica is connected to ModelSync.");
        else TextTable.Write(["REPLICA", "CONNECTED", "GENERATION", "ADDRESS", "PID"], report.Replicas.Select(Row));

        if (report.Problems.Count == 0) return;
        Console.WriteLine($"\nNot usable in the repository ({report.Problems.Count}):");
        foreach (var problem in report.Problems.Take(MostProblems)) Console.WriteLine($"  {Quoted.Of(problem.Blob)}: {Quoted.Of(problem.Reason, LongestReason)}");
        if (report.Problems.Count > MostProblems) Console.WriteLine("  … (all of them: --output json)");
    }

    private static string[] Row(VersionReport version, int connected) =>
    [
        version.Model.ToString(),
        version.Version.ToString(),
        version.Desired ?? "-",
        string.Create(CultureInfo.InvariantCulture, $"{version.ServedBy} of {connected}"),
        string.Join(", ", Groups(version).Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} {NameOf(group.Key)}"))) is { Length: > 0 } others ? others : "-",
    ];

    private static string[] Row(ReplicaReport replica) =>
    [
        Quoted.Of(replica.Id, ReplicaId.MaxLength),
        replica.Connected ? "yes" : "no",
        replica.Generation.ToString(CultureInfo.InvariantCulture),
        replica.Address is { } address ? Quoted.Of(address, 256) : "-",
        replica.Pid?.ToString(CultureInfo.InvariantCulture) ?? "-",
    ];

    private static IEnumerable<string> Reasons(VersionReport version) =>
        from word in version.Replicas
        where word.Reason is not null
        group Quoted.Of(word.Id, ReplicaId.MaxLength) by (word.State, word.Reason) into same
        select $"{version.Model}/{version.Version} {NameOf(same.Key.State)} by {string.Join(", ", same)}: {Quoted.Of(same.Key.Reason, LongestReason)}";

    private static IEnumerable<IGrouping<AckState, ReplicaWord>> Groups(VersionReport version) =>
        version.Replicas.Where(word => word.State != AckState.Serving).GroupBy(word => word.State).OrderBy(group => group.Key);

    private static string NameOf(AckState state) => state switch
    {
        AckState.Loading => "loading",
        AckState.Rejected => "rejected",
        AckState.Retrying => "retrying",
        AckState.Unloaded => "unloaded",
        AckState.Shadowing => "shadowing",
        _ => "serving",
    };
}
