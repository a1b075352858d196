using ModelPlatform.Tests.Deployment.Kubernetes;

namespace ModelPlatform.Tests.Deployment.Running;

/// <summary>A container's program as a process here, told exactly what the overlay tells it, but for what only a cluster has (addresses, the pod, the secret) and for waiting.</summary>
internal sealed class Pod(string overlay, string name, string project, string program, IReadOnlyDictionary<string, string> here) : IAsyncDisposable
{
    private readonly KubernetesObject _workload = Kustomize.Single(overlay, "Deployment", name);
    private ProcessGroup? _process;

    public string Output => _process!.Output;

    public TimeSpan Grace => TimeSpan.FromSeconds(_workload.Pod["terminationGracePeriodSeconds"]!.GetValue<long>());

    public Pod Start()
    {
        var told = new Dictionary<string, string> { ["ASPNETCORE_ENVIRONMENT"] = "Production" };
        foreach (var (variable, value) in Settings.Of(overlay, _workload).Where(variable => !here.ContainsKey(variable.Key)))
            told[variable] = value?.Replace("$(POD_NAME)", here["POD_NAME"], StringComparison.Ordinal) ?? throw new InvalidOperationException($"What is {variable} here?");
        foreach (var (variable, value) in here) told[variable] = value;
        _process = ProcessGroup.Start(RepositoryRoot.Combine("artifacts", "bin", project, "debug", program), ["--contentRoot", RepositoryRoot.Combine(project)], told);
        return this;
    }

    /// <summary>What the kubelet sees.</summary>
    public async Task<bool> PassesAsync(HttpClient client, string probe)
    {
        using var answer = await client.GetAsync(new Uri(_workload.Container.Find($"{probe}.httpGet.path")!.ToString(), UriKind.Relative), TestContext.Current.CancellationToken);
        return answer.IsSuccessStatusCode;
    }

    public async Task<int> StopAsync()
    {
        await _process!.StopAsync(Grace);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
    }
}
