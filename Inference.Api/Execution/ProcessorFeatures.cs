namespace ModelPlatform.Inference.Execution;

/// <summary>What kind of processor this is. The runtime lays weights out for the widest instructions that it finds.</summary>
internal static class ProcessorFeatures
{
    private const string Told = "/proc/cpuinfo";

    private static readonly string[] Telling = ["vendor_id", "model name", "flags", "Features", "CPU implementer", "CPU part"];

    /// <summary>Null where the system does not tell.</summary>
    public static string? OfThisMachine() => File.Exists(Told) ? Of(File.ReadLines(Told)) : null;

    /// <summary>The same for machines that compute alike, whatever the number of their processors.</summary>
    public static string? Of(IEnumerable<string> told)
    {
        var lines = told.Where(line => Telling.Contains(line.Split(':')[0].TrimEnd())).Distinct().Order(StringComparer.Ordinal).ToList();
        return lines.Count == 0 ? null : string.Join('\n', lines);
    }
}
