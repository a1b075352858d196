using System.Globalization;

namespace ModelPlatform.Tests.EndToEnd.Hosting;

internal static class ResidentMemory
{
    /// <summary>MiB that a process holds in memory (VmRSS of /proc/[pid]/status, in kB).</summary>
    public static double Of(int processId) => File.ReadLines($"/proc/{processId}/status")
        .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Select(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024)
        .Single();
}
