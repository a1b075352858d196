using System.Globalization;

namespace ModelPlatform.Tests.EndToEnd.Hosting;

internal static class ResidentMemory
{
    /// <summary>MiB that a process holds in memory.</summary>
    public static double Of(int processId) => Read(processId, "VmRSS:");

    /// <summary>The most MiB that it has held since <see cref="ForgetPeak"/>, or ever.</summary>
    public static double PeakOf(int processId) => Read(processId, "VmHWM:");

    // proc(5): 5 resets the peak resident set size to what is resident now.
    public static void ForgetPeak(int processId) => File.WriteAllText($"/proc/{processId}/clear_refs", "5");

    // Lines of /proc/[pid]/status such as "VmRSS:     1234 kB".
    private static double Read(int processId, string what) => File.ReadLines($"/proc/{processId}/status")
        .Where(line => line.StartsWith(what, StringComparison.Ordinal))
        .Select(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024)
        .Single();
}
