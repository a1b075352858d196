using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using ModelPlatform.Bench.Processes;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Bench.Hosting;

/// <summary>Azurite with an empty container.</summary>
internal sealed partial class EmulatedStorage : IAsyncDisposable
{
    private const string Container = "models";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly ProcessGroup _process;
    private readonly string _account;

    private EmulatedStorage(string folder, ProcessGroup process, int port)
    {
        (_folder, _process) = (folder, process);
        _account = $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={Key};BlobEndpoint=http://127.0.0.1:{port}/devstoreaccount1;";
        Blobs = new BlobContainerClient(_account, Container);
    }

    public BlobContainerClient Blobs { get; }

    /// <summary>As services are configured: <c>ConnectionStrings:models</c>.</summary>
    public string Connection => $"Endpoint=\"{_account}\";ContainerName={Container}";

    public double CpuMilliseconds() => ProcessCost.CpuMilliseconds(ProcessCost.OfSession(_process.Id));

    public static async Task<EmulatedStorage> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("bench-azurite-").FullName;
        var script = RepositoryRoot.Combine("eng", "azurite", "node_modules", "azurite", "dist", "src", "blob", "main.js");
        var listens = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = ProcessGroup.Start(
            "node",
            [script, "--blobHost", "127.0.0.1", "--blobPort", "0", "--location", folder, "--skipApiVersionCheck", "--disableTelemetry", "--silent"],
            onLine: line =>
            {
                if (Listening().Match(line) is { Success: true } match) listens.TrySetResult(int.Parse(match.Groups[1].Value, provider: null));
            });
        var storage = new EmulatedStorage(folder, process, await listens.Task.WaitAsync(StartLimit));
        await storage.Blobs.CreateIfNotExistsAsync();
        return storage;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex(@"listens on http://127\.0\.0\.1:(\d+)")]
    private static partial Regex Listening();
}
