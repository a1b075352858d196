using System.Collections.Concurrent;
using System.Net.Http.Json;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.Hosting;

/// <summary>
/// The same services as plain processes of the test, which kills and starts them one by one: Aspire restarts nothing, Kubernetes would.
/// </summary>
internal sealed class PlainPlatform : IAsyncDisposable
{
    // Processes that have just been started are waited for too, on a machine that may have much else to do.
    private static readonly TimeSpan StartIncluded = TimeSpan.FromSeconds(60);

    private readonly string _caches = Directory.CreateTempSubdirectory("caches-").FullName;
    private readonly Dictionary<string, ProcessGroup> _processes = [];
    private readonly ConcurrentDictionary<string, Uri> _addresses = [];
    private readonly Dictionary<string, Uri> _grpcAddresses = [];
    private readonly Storage _storage;
    private readonly int _syncPort = FreePort.Next();

    private PlainPlatform(Azurite azurite) => (Azurite, _storage) = (azurite, azurite.NewStorage());

    public Azurite Azurite { get; }

    public Uri Sync => new($"http://127.0.0.1:{_syncPort}");

    public HttpClient Client { get; } = new() { Timeout = TimeSpan.FromSeconds(10) };

    public string StorageConnection => _storage.ConnectionString;

    public RepositoryContainer Repository => new(_storage.Container);

    public static async Task<PlainPlatform> StartAsync(params string[] replicas)
    {
        var platform = await WithStorageAsync();
        platform.StartSync();
        foreach (var replica in replicas) platform.StartReplica(replica);
        return platform;
    }

    /// <summary>With storage alone, for those who start the services in a way of their own.</summary>
    public static async Task<PlainPlatform> WithStorageAsync()
    {
        var azurite = new Azurite();
        await azurite.InitializeAsync();
        return new PlainPlatform(azurite);
    }

    /// <returns>It, as a test begins with it; where that fails it is ended.</returns>
    public async Task<PlainPlatform> WithAsync(Func<Task> begin)
    {
        try
        {
            await begin();
            return this;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public void StartSync(params (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = Sync.ToString(),
            ["Detection__ListEvery"] = "00:00:01",
            ["Health__AskEvery"] = "00:00:01",
            ["HealthChecksUI__EvaluationTimeInSeconds"] = "1",
        };
        foreach (var (name, value) in settings) environment[name] = value;
        Start("model-sync", "ModelSync", "ModelPlatform.Sync", environment);
    }

    public void StartReplica(string id, params (string Name, string Value)[] settings)
    {
        var port = FreePort.Next();
        var grpcPort = FreePort.Next();
        _addresses[id] = new Uri($"http://127.0.0.1:{port}");
        _grpcAddresses[id] = new Uri($"http://127.0.0.1:{grpcPort}");
        var environment = new Dictionary<string, string>
        {
            ["Kestrel__Endpoints__http__Url"] = $"http://127.0.0.1:{port}",
            ["Kestrel__Endpoints__grpc__Url"] = $"http://127.0.0.1:{grpcPort}",
            ["services__model-sync__http__0"] = Sync.ToString(),
            ["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={id}",
            ["Cache__Directory"] = CacheOf(id),
        };
        foreach (var (name, value) in settings) environment[name] = value;
        Start(id, "Inference.Api", "ModelPlatform.Inference", environment);
    }

    /// <summary>Of all replicas that were ever started, whether they still run or not.</summary>
    public IReadOnlyCollection<Uri> Addresses => [.. _addresses.Values];

    public Uri AddressOf(string replica) => _addresses[replica];

    public Uri GrpcAddressOf(string replica) => _grpcAddresses[replica];

    public string CacheOf(string replica) => Path.Combine(_caches, replica);

    public int ProcessIdOf(string name) => _processes[name].Id;

    /// <summary>The last lines that a service has printed.</summary>
    public string OutputOf(string name) => _processes[name].Output;

    public async Task KillAsync(string name)
    {
        _processes.Remove(name, out var process);
        process!.KillNow();
        await process.DisposeAsync();
    }

    /// <summary>Asks a process to end, as Kubernetes does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync(string name)
    {
        _processes.Remove(name, out var process);
        await process!.StopAsync();
        var code = process.ExitCode;
        await process.DisposeAsync();
        return code;
    }

    /// <summary>It hangs from now on, with its connections open.</summary>
    public void Suspend(string name) => _processes[name].Suspend();

    public void Resume(string name) => _processes[name].Resume();

    /// <returns>What modelctl prints about this platform.</returns>
    public async Task<string> ModelCtlAsync(params string[] arguments)
    {
        await using var process = ProcessGroup.Start(RepositoryRoot.Combine("modelctl"), arguments, new Dictionary<string, string> { ["MODELCTL_SYNC"] = Sync.ToString() });
        await process.WaitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, process.Output);
        return process.Output;
    }

    public Task<DesiredVersion> PublishAsync(string model, int version, string folder) =>
        Repository.PublishFolderAsync(new ModelId(ModelName.Parse(model), new ModelVersion(version)), folder);

    public async Task<IReadOnlyList<ReplicaStatus>> ReplicasAsync() =>
        (await Client.GetFromJsonAsync(new Uri(Sync, SyncRoutes.Replicas), RepositoryJson.Default.IReadOnlyListReplicaStatus, TestContext.Current.CancellationToken))!;

    public async Task AnswersAsync(string model, int version, TimeSpan? atMost = null, params string[] replicas)
    {
        try { await Eventually.IsTrueAsync($"{string.Join(", ", replicas)} answer with version {version} of {model}", AnswerAsync, atMost ?? StartIncluded); }
        catch (TimeoutException late) { throw new TimeoutException($"{late.Message}\n{Logs}", late); }

        async Task<bool> AnswerAsync()
        {
            foreach (var replica in replicas)
            {
                if (await Convergence.VersionOfAsync(Client, AddressOf(replica).ToString().TrimEnd('/'), model) != $"{version}") return false;
            }
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Values) await process.DisposeAsync();
        await Azurite.DisposeAsync();
        Client.Dispose();
        Directory.Delete(_caches, recursive: true);
    }

    private string Logs => string.Join('\n', _processes.Select(process => $"--- {process.Key}\n{process.Value.Output}"));

    private void Start(string name, string project, string program, Dictionary<string, string> environment)
    {
        environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        environment.TryAdd("ConnectionStrings__models", _storage.ConnectionString);
        var folder = RepositoryRoot.Combine("artifacts", "bin", project, "debug");
        _processes[name] = ProcessGroup.Start(Path.Combine(folder, program), ["--contentRoot", RepositoryRoot.Combine(project)], environment);
    }
}
