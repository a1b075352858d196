using System.Diagnostics;
using System.Text.Json.Nodes;

namespace ModelPlatform.Tests.Deployment.Kubernetes;

/// <summary>What a real kubectl makes of an overlay.</summary>
internal static class Kustomize
{
    public const string Aks = "aks";
    public const string Local = "local";

    private static readonly Dictionary<string, Lazy<IReadOnlyList<KubernetesObject>>> Rendered =
        new[] { Aks, Local }.ToDictionary(overlay => overlay, overlay => new Lazy<IReadOnlyList<KubernetesObject>>(() => Render(RepositoryRoot.Combine("aspire-manifest", "overlays", overlay))));

    public static TheoryData<string> Overlays => [Aks, Local];

    public static IReadOnlyList<KubernetesObject> Objects(string overlay) => Rendered[overlay].Value;

    public static IEnumerable<KubernetesObject> Objects(string overlay, string kind) => Objects(overlay).Where(found => found.Kind == kind);

    public static KubernetesObject Single(string overlay, string kind, string name) => Objects(overlay, kind).Single(found => found.Name == name);

    public static IReadOnlyList<KubernetesObject> Render(string folder)
    {
        var text = Run(Program(), "kustomize", folder);
        return [.. Yaml.Documents(text).Select(document => new KubernetesObject((JsonObject)document!))];
    }

    // build.sh installs one; any other that is new enough does as well.
    public static string Program()
    {
        var installed = RepositoryRoot.Combine("eng", "kubectl", "node_modules", ".bin", "kubectl");
        if (File.Exists(installed)) return installed;
        var onPath = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "kubectl")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(onPath is null, "There is no kubectl; ./build.sh test deployment installs one.");
        return onPath!;
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var complaints = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0 && complaints.Result.Length == 0, $"{program} {string.Join(' ', arguments)} said: {complaints.Result}");
        return text;
    }
}
