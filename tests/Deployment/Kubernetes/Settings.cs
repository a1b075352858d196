using System.Text.RegularExpressions;

namespace ModelPlatform.Tests.Deployment.Kubernetes;

/// <summary>What the services can be told: docs/operations.md has it from the code, which another test sees to.</summary>
internal static partial class Settings
{
    public static IReadOnlyDictionary<string, string> Defaults { get; } = Row().Matches(File.ReadAllText(RepositoryRoot.Combine("docs", "operations.md")))
        .ToDictionary(row => row.Groups["name"].Value, row => row.Groups["default"].Value);

    /// <summary>All variables that a workload's container gets, by name; those that take their value from elsewhere have none.</summary>
    public static IReadOnlyDictionary<string, string?> Of(string overlay, KubernetesObject workload)
    {
        var maps = workload.Container["envFrom"].Items().Select(from => from.Find("configMapRef.name")!.ToString());
        var variables = maps.SelectMany(map => Kustomize.Single(overlay, "ConfigMap", map).Find("data").Texts()).ToDictionary(pair => pair.Key, pair => (string?)pair.Value);
        foreach (var variable in workload.Container["env"].Items()) variables[variable["name"]!.ToString()] = variable["value"]?.ToString();
        return variables;
    }

    // | `Drain:Pause` | `00:00:05`; in Development `00:00:00` | …
    [GeneratedRegex(@"^\| `(?<name>[A-Za-z]+:[A-Za-z]+)` \| (?:`(?<default>[^`]*)`|(?<default>[^|]*))", RegexOptions.Multiline)] private static partial Regex Row();
}
