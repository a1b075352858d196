using ModelPlatform.Tests.Deployment.Kubernetes;

namespace ModelPlatform.Tests.Deployment.Pipeline;

/// <summary>
/// A checkout with the scripts of a deployment, and programs in the place of kubectl and of the look at it that say what a cluster would and note what they are told.
/// What is tested is the order of things. Whether kubectl takes what it is told, the real one says; that it does it is not tested.
/// </summary>
internal sealed class PretendedCluster : IDisposable
{
    private const string Kubectl = """
        #!/usr/bin/env bash
        "$KUBECTL" "$@" --help > /dev/null || exit 1
        echo "$*" >> "$STATE/calls"
        case "$*" in
          'config current-context') echo elsewhere ;;
          *observedGeneration*) if [ "${HANGS:-}" != "$5" ] || [ -e "$STATE/undone" ]; then echo "${LED:-4|4|2|2|2|1}"; else echo '4|4|2|2|2|'; fi ;;
          *' get deployment '*) [ "${FAILS:-}" != get ] || exit 1; cat "$STATE/$5" 2> /dev/null ;;
          diff*) exit "${DIFF:-1}" ;;
          apply*) for name in ${CHANGES:-}; do echo 8 > "$STATE/$name"; done; [ "${FAILS:-}" != apply ] || exit 1 ;;
          *"rollout status deployment/${HANGS:-none} "*) [ -e "$STATE/undone" ] || exit 1 ;;
          *"rollout undo deployment/${STUCK:-none} "*) exit 1 ;;
          *'rollout undo'*) touch "$STATE/undone" ;;
          *port-forward*) [ "${FAILS:-}" != forward ] || exit 1; printf 'Forwarding from 127.0.0.1:%s\n' '41001 -> 8080' '41002 -> 8081' ;;
        esac
        exit 0
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("cluster-").FullName;

    public PretendedCluster()
    {
        foreach (var folder in new[] { "bin", "state", "eng/deploy", "overlay" }) Directory.CreateDirectory(Path.Combine(_folder, folder));
        foreach (var script in new[] { "roll-out", "settings" }) File.Copy(RepositoryRoot.Combine("eng", "deploy", script), Path.Combine(_folder, "eng", "deploy", script));
        foreach (var file in new[] { "azure.env", "settings.env" }) File.Copy(RepositoryRoot.Combine("aspire-manifest", "overlays", "aks", file), Path.Combine(_folder, "overlay", file));
        Write("bin/kubectl", Kubectl);
        Write("build.sh", "#!/bin/sh\necho \"looked $*\"\nexit ${LOOK:-0}\n");
    }

    /// <summary>What infra/ made, as eng/deploy/connect writes it.</summary>
    public static IReadOnlyDictionary<string, string> Made { get; } = new Dictionary<string, string>
    {
        ["REGISTRY"] = "models1.azurecr.io",
        ["INFERENCE_API_CLIENT_ID"] = "11111111-0000-0000-0000-000000000000",
        ["MODEL_SYNC_CLIENT_ID"] = "22222222-0000-0000-0000-000000000000",
        ["ConnectionStrings__models"] = "Endpoint=https://models1.blob.core.windows.net/;ContainerName=models",
    };

    public string Said { get; private set; } = "";

    public string Settings => File.ReadAllText(Path.Combine(_folder, "overlay", "azure.env"));

    /// <summary>What kubectl was told to change or to wait for.</summary>
    public IReadOnlyList<string> Told => [.. Calls
        .Where(call => !call.StartsWith("get ", StringComparison.Ordinal) && !call.StartsWith("port-forward ", StringComparison.Ordinal))];

    /// <summary>How often it was asked who leads.</summary>
    public int Looks => Calls.Count(call => call.Contains("observedGeneration", StringComparison.Ordinal));

    private IEnumerable<string> Calls => (File.Exists(Path.Combine(_folder, "state", "calls")) ? File.ReadAllLines(Path.Combine(_folder, "state", "calls")) : [])
        .Select(call => call.Replace("--namespace modelplatform ", "", StringComparison.Ordinal).Replace(" --timeout 16m", "", StringComparison.Ordinal));

    public void Runs(string deployment, int revision) => File.WriteAllText(Path.Combine(_folder, "state", deployment), $"{revision}");

    public async Task<int> RollOutAsync(params (string Name, string Value)[] environment)
    {
        var variables = Made.ToDictionary();
        foreach (var (name, value) in environment) variables[name] = value;
        (variables["STATE"], variables["KUBECTL"]) = (Path.Combine(_folder, "state"), Kustomize.Program());
        (variables["LEADER_TIMEOUT"], variables["LEADER_EVERY"]) = ("2", "0.1");
        variables["PATH"] = $"{Path.Combine(_folder, "bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        await using var script = ProcessGroup.Start(Path.Combine(_folder, "eng", "deploy", "roll-out"), ["overlay", "1.2.3-abc"], variables);
        await script.WaitAsync(TestContext.Current.CancellationToken);
        Said = script.Output;
        return script.ExitCode;
    }

    /// <summary>What a person starts, in the real checkout, and answers with one line; null for nobody there.</summary>
    public async Task<(int ExitCode, string Output)> DeployAsync(string? answer)
    {
        var variables = new Dictionary<string, string> { ["STATE"] = Path.Combine(_folder, "state"), ["KUBECTL"] = Kustomize.Program(), ["PATH"] = $"{Path.Combine(_folder, "bin")}:{Environment.GetEnvironmentVariable("PATH")}" };
        await using var script = ProcessGroup.Start("bash", ["-c", $"{(answer is null ? "true" : $"echo {answer}")} | ./build.sh deploy local"], variables);
        await script.WaitAsync(TestContext.Current.CancellationToken);
        return (script.ExitCode, script.Output);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string name, string script)
    {
        var path = Path.Combine(_folder, name);
        // A copy of a script can be executed, whatever is written into it then.
        File.Copy(RepositoryRoot.Combine("build.sh"), path);
        File.WriteAllText(path, script);
    }
}
