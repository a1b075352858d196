using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Shared;

// Most of a test's time is waiting for processes that start, leases that end and storage that is away. Nothing that takes time is asserted on.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]

namespace ModelPlatform.Tests.EndToEnd.Hosting;

/// <summary>
/// The application as its user starts it: <c>dotnet run --project AppHost</c> as a child process, on random ports, driven over HTTP only. What it prints
/// tells where things are.
/// </summary>
public sealed partial class RunningPlatform : IAsyncLifetime
{
    public const string TelemetryKey = "end-to-end-telemetry-key";
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    private readonly ConcurrentDictionary<string, string> _addresses = new();
    private readonly List<string> _console = [];
    private ProcessGroup? _process;

    public Uri Api => new(_addresses["inference-api http"]);

    public Uri Grpc => new(_addresses["inference-api grpc"]);

    public Uri Sync => new(_addresses["model-sync http"]);

    public Uri Dashboard => new(_addresses["dashboard http"]);

    public string Connection => _addresses["models connection"];

    public IReadOnlyList<string> Console
    {
        get { lock (_console) return [.. _console]; }
    }

    public HttpClient Client { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    internal RepositoryContainer Repository => new(new BlobServiceClient(EndpointPattern().Match(Connection).Groups[1].Value).GetBlobContainerClient("models"));

    public async ValueTask InitializeAsync()
    {
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = ProcessGroup.Start(
            "dotnet",
            ["run", "--project", "AppHost", "--no-build", "--", "--Ports:Random=true", $"--AppHost:DashboardApiKey={TelemetryKey}"],
            onLine: line =>
            {
                lock (_console) _console.Add(line);
                if (AddressPattern().Match(line) is { Success: true } address) _addresses[$"{address.Groups[1]} {address.Groups[2]}"] = address.Groups[3].Value;
                if (line.Contains("./modelctl publish", StringComparison.Ordinal)) up.TrySetResult();
            });
        var gone = _process.WaitAsync(TestContext.Current.CancellationToken);
        if (await Task.WhenAny(up.Task, gone, Task.Delay(StartLimit)) != up.Task) Assert.Fail($"The application did not come up.\n{_process.Output}");
        // The health check asks the public port: one replica answers it for all.
        await this.ConvergedAsync("fashion", 1, replicas: 2);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_process is not null) await _process.DisposeAsync();
    }

    public async Task<IReadOnlyList<ReplicaStatus>> ReplicasAsync() =>
        (await Client.GetFromJsonAsync(new Uri(Sync, SyncRoutes.Replicas), RepositoryJson.Default.IReadOnlyListReplicaStatus, TestContext.Current.CancellationToken))!;

    public async Task<JsonNode> GetAsync(string address) => (await Client.GetFromJsonAsync<JsonNode>(address, TestContext.Current.CancellationToken))!;

    /// <summary>Runs a command of the README in the checkout, with this run's storage and ModelSync.</summary>
    public async Task<(int ExitCode, string Output)> ShellAsync(string command)
    {
        await using var shell = ProcessGroup.Start("bash", ["-c", command], new Dictionary<string, string> { ["ConnectionStrings__models"] = Connection, ["MODELCTL_SYNC"] = Sync.ToString() });
        await shell.WaitAsync(TestContext.Current.CancellationToken);
        return (shell.ExitCode, shell.Output);
    }

    // "inference-api http http://localhost:41234", "models connection Endpoint=…"
    [GeneratedRegex(@"^(inference-api|model-sync|dashboard|models) (http|grpc|connection) (.+)$")]
    private static partial Regex AddressPattern();

    [GeneratedRegex("Endpoint=\"([^\"]+)\"")]
    private static partial Regex EndpointPattern();
}
