using System.Globalization;

namespace ModelPlatform.Tests.Soak;

/// <summary>What a process holds, as /proc tells it.</summary>
/// <param name="Resident">MiB in memory.</param>
/// <param name="CacheBytes">Of versions on disk; 0 for a process that keeps none.</param>
internal sealed record Footprint(double Resident, int Handles, int Threads, long CacheBytes)
{
    public static Footprint Of(int processId, string? cache)
    {
        // "VmRSS:	  161234 kB"
        var status = File.ReadLines($"/proc/{processId}/status").Select(line => line.Split(':', 2)).ToDictionary(line => line[0], line => line[1].Trim());
        return new Footprint(
            Number("VmRSS") / 1024,
            Directory.EnumerateFileSystemEntries($"/proc/{processId}/fd").Count(),
            (int)Number("Threads"),
            cache is null ? 0 : BytesIn(cache));

        double Number(string name) => double.Parse(status[name].Split(' ')[0], CultureInfo.InvariantCulture);
    }

    public static long BytesIn(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    public override string ToString()
    {
        var process = FormattableString.Invariant($"{Resident:0} MiB, {Handles} handles, {Threads} threads");
        return CacheBytes > 0 ? FormattableString.Invariant($"{process}, {CacheBytes / 1024} KiB cached") : process;
    }
}
