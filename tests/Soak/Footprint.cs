using System.Globalization;

namespace ModelPlatform.Tests.Soak;

/// <summary>What a process holds, as /proc tells it.</summary>
/// <param name="Resident">MiB in memory.</param>
/// <param name="CacheBytes">Of versions on disk; 0 for a process that keeps none.</param>
internal sealed record Footprint(double Resident, int Handles, int Threads, long CacheBytes)
{
    public static Footprint Of(int processId, string? cache)
    {
        var status = File.ReadLines($"/proc/{processId}/status").Select(line => line.Split((char[])[':', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)).ToDictionary(words => words[0], words => words[1..]);
        return new Footprint(
            Number("VmRSS") / 1024,
            Directory.EnumerateFileSystemEntries($"/proc/{processId}/fd").Count(),
            (int)Number("Threads"),
            cache is null ? 0 : BytesIn(cache));

        double Number(string name) => double.Parse(status[name][0], CultureInfo.InvariantCulture);
    }

    public static long BytesIn(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    public override string ToString() =>
        FormattableString.Invariant($"{Resident,4:0} MiB, {Handles,3} handles, {Threads,2} threads") + (CacheBytes > 0 ? FormattableString.Invariant($", {CacheBytes / 1024,4} KiB cached") : "");
}
