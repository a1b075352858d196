using System.Diagnostics;
using ModelPlatform.Tests.Deployment.Infrastructure;
using ModelPlatform.Tests.Deployment.Kubernetes;

namespace ModelPlatform.Tests.Deployment.Newcomer;

/// <summary>
/// A fresh clone on a machine of somebody who has a subscription and nothing else, with programs in the place of az, kubectl and others (programs/) that answer and refuse as the real ones
/// would, of a cluster and a registry that begin with nothing. Manifests are rendered by the real kubectl, and the infrastructure has what the real Bicep makes of it.
/// </summary>
internal sealed class NewcomersMachine : IDisposable
{
    private static readonly string[] Taken = [".gitignore", "README.md", "build.sh", "modelctl", "Directory.", "global.json", "infra/", "eng/", "aspire-manifest/", "AppHost/", "Inference.Api/Inference.Api.csproj", "ModelSync/ModelSync.csproj", "ModelCtl/", "samples/fashion/"];

    private readonly string _folder = Directory.CreateTempSubdirectory("newcomer-").FullName;

    public NewcomersMachine()
    {
        foreach (var file in Files().Where(file => Taken.Any(taken => file.StartsWith(taken, StringComparison.Ordinal)) && !file.StartsWith("eng/stand-ins/", StringComparison.Ordinal)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Clone, file))!);
            File.Copy(RepositoryRoot.Combine(file), Path.Combine(Clone, file));
        }
        Directory.CreateDirectory(State);
        // Past the wrappers of version managers, each start of which takes longer than the program.
        Directory.CreateDirectory(Path.Combine(_folder, "bin"));
        File.CreateSymbolicLink(Path.Combine(_folder, "bin", "python3"), Output("python3", "-c", "import sys; print(sys.executable)").Trim());
    }

    public string Clone => Path.Combine(_folder, "clone");

    public string Said { get; private set; } = "";

    public IReadOnlyList<string> Calls => File.Exists(Path.Combine(State, "calls")) ? File.ReadAllLines(Path.Combine(State, "calls")) : [];

    private string State => Path.Combine(_folder, "state");

    public void SignIn() => File.WriteAllText(Path.Combine(State, "signed-in"), "");

    public string Read(string file) => File.ReadAllText(Path.Combine(Clone, file));

    public void Write(string file, string text) => File.WriteAllText(Path.Combine(Clone, file), text);

    /// <summary>Types commands into one shell, and "y" where something asks.</summary>
    public async Task<int> TypeAsync(IEnumerable<string> commands, params (string Name, string Value)[] environment)
    {
        var variables = new Dictionary<string, string>
        {
            ["STATE"] = State,
            ["ORIGINAL"] = RepositoryRoot.Path,
            ["KUBECTL"] = Kustomize.Program(),
            ["OUTPUTS"] = string.Join(' ', Bicep.Template["outputs"]!.AsObject().Select(output => output.Key)),
            ["PATH"] = $"{RepositoryRoot.Combine("tests", "Deployment", "Newcomer", "programs")}:{Path.Combine(_folder, "bin")}:{Environment.GetEnvironmentVariable("PATH")}",
            ["PYTHONDONTWRITEBYTECODE"] = "1",
            ["CI"] = "",
            // Who leads here does so at once, or never.
            ["LEADER_TIMEOUT"] = "10",
            ["GIT_CONFIG_GLOBAL"] = "/dev/null",
        };
        foreach (var (name, value) in environment) variables[name] = value;
        // Children in the background, such as a port-forward, end with the shell.
        var script = $"cd {Clone} && yes 2> /dev/null | bash -c \"$0\"";
        await using var shell = ProcessGroup.Start("bash", ["-c", script, $"set -euo pipefail\n{string.Join('\n', commands)}"], variables);
        await shell.WaitAsync(TestContext.Current.CancellationToken);
        Said = shell.Output;
        return shell.ExitCode;
    }

    public async Task CloneAsync() =>
        Assert.Equal(0, await TypeAsync(["git init --quiet .", "git add --all", "git -c user.name=n -c user.email=n@example.com commit --quiet -m all"]));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // What is or would be committed.
    private static IEnumerable<string> Files() => Output("git", "ls-files", "--cached", "--others", "--exclude-standard")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(RepositoryRoot.Combine(file)));

    private static string Output(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, WorkingDirectory = RepositoryRoot.Path })!;
        return process.StandardOutput.ReadToEnd();
    }
}
