using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Microsoft.ML.OnnxRuntime;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Bench.Report;

/// <summary>Where it ran, and with which versions.</summary>
internal static class Machine
{
    public static IReadOnlyList<string> Describe() =>
    [
        DateTime.UtcNow.ToString("'Measured on' yyyy-MM-dd.", CultureInfo.InvariantCulture),
        FormattableString.Invariant($"{Processor()}, {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB; {RuntimeInformation.OSDescription}. Server, peers and load generator share the cores."),
        $".NET {Environment.Version}, ONNX Runtime {OrtEnv.Instance().GetVersionString()}; Node {Output("node", "--version")}, {NodePackages()}; "
            + $"PyTorch {Debian("python3-torch")}, Flask {Debian("python3-flask")}, gunicorn {Debian("gunicorn")}, nginx {Debian("nginx")}.",
    ];

    private static string Processor() => File.ReadLines("/proc/cpuinfo")
        .Where(line => line.StartsWith("model name", StringComparison.Ordinal))
        .Select(line => line.Split(':', 2)[1].Trim())
        .FirstOrDefault() ?? "unknown processor";

    private static string NodePackages()
    {
        var package = JsonNode.Parse(File.ReadAllText(RepositoryRoot.Combine("bench", "peers", "node", "package.json")))!;
        return string.Join(", ", package["dependencies"]!.AsObject().Select(pair => $"{pair.Key} {pair.Value}"));
    }

    private static string Debian(string package) => Output("dpkg-query", "-W", "-f", "${Version}", package) is { Length: > 0 } version ? version : "(none)";

    private static string Output(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return output;
    }
}
