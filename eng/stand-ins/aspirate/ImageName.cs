using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Aspirate;

internal static class ImageName
{
    private static readonly string[] Properties = ["ContainerRegistry", "ContainerRepository", "ContainerImageTag"];

    /// <summary>What the project says about its image goes before the options.</summary>
    public static string Of(string resource, string project, GenerateOptions options, ContainerSettings? settings)
    {
        var own = Ask(project);
        string? Own(string name) => own[name]?.ToString() is { Length: > 0 } value ? value : null;
        var parts = new[]
        {
            Own("ContainerRegistry") ?? options.Registry ?? settings?.Registry,
            options.RepositoryPrefix ?? settings?.RepositoryPrefix,
            Own("ContainerRepository") ?? resource,
        };
        return $"{string.Join('/', parts.Where(part => !string.IsNullOrEmpty(part)))}:{Own("ContainerImageTag") ?? options.Tag}".ToLowerInvariant();
    }

    private static JsonObject Ask(string project)
    {
        var start = new ProcessStartInfo("dotnet", ["msbuild", project, .. Properties.Select(name => $"--getProperty:{name}")]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new GenerateException($"Failed to get project properties for '{project}'.");
        return JsonNode.Parse(answer)!["Properties"]!.AsObject();
    }
}
