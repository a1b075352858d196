using System.Globalization;

namespace ModelPlatform.Bench.Processes;

/// <summary>What the processes of a session (in the sense of setsid) take, as /proc tells it.</summary>
internal static class ProcessCost
{
    // Clock ticks of /proc are hundredths of a second on every Linux that runs .NET.
    private const double MillisecondsInTick = 10;

    /// <summary>Processor time so far, of those that still live.</summary>
    public static double CpuMilliseconds(IEnumerable<int> processes) => processes.Sum(process => Fields(process) is { } fields
        ? (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) * MillisecondsInTick
        : 0);

    /// <summary>MiB in memory, pages that several processes share divided among them.</summary>
    public static double ProportionalMebibytes(IEnumerable<int> processes) => processes.Sum(process => File.ReadLines($"/proc/{process}/smaps_rollup")
        .Where(line => line.StartsWith("Pss:", StringComparison.Ordinal))
        .Sum(line => double.Parse(line[4..^2], CultureInfo.InvariantCulture) / 1024));

    public static IReadOnlyList<int> OfSession(int session) => All(fields => fields[3], session);

    public static IReadOnlyList<int> ChildrenOf(int parent) => All(fields => fields[1], parent);

    private static int[] All(Func<string[], string> field, int wanted) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var process) ? process : 0)
            .Where(process => process != 0 && Fields(process) is { } fields && int.Parse(field(fields), CultureInfo.InvariantCulture) == wanted),
    ];

    // Fields of /proc/[pid]/stat from the third on, since the second, the name in parentheses, may hold anything: state, parent, group, session, …
    private static string[]? Fields(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException) { return null; }
    }
}
