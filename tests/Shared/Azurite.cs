using System.Text.RegularExpressions;
using Azure.Storage.Blobs;

namespace ModelPlatform.Tests.Shared;

/// <summary>
/// The real storage emulator in a process of its own, on a free port and with a folder of its own, whose data survive a restart. One serves many tests; each takes a container.
/// </summary>
public sealed partial class Azurite : IAsyncLifetime
{
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("azurite-").FullName;
    private ProcessGroup? _process;
    private int _port;

    private static string Script => RepositoryRoot.Combine("eng", "azurite", "node_modules", "azurite", "dist", "src", "blob", "main.js");

    public async ValueTask InitializeAsync()
    {
        if (File.Exists(Script)) await StartAsync();
    }

    /// <summary>A container that no other test has; nothing is created. Skips the test where the emulator is not installed.</summary>
    public Storage NewStorage()
    {
        Assert.SkipUnless(File.Exists(Script), "Azurite is not installed: run 'npm ci' in eng/azurite (./build.sh test does).");
        return new Storage($"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={Key};BlobEndpoint=http://127.0.0.1:{_port}/devstoreaccount1;", $"test-{Guid.NewGuid():n}");
    }

    /// <summary>Starts it, or starts it again on the port and with the data that it had.</summary>
    public async Task StartAsync()
    {
        var listens = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = ProcessGroup.Start(
            "node",
            [Script, "--blobHost", "127.0.0.1", "--blobPort", $"{_port}", "--location", _folder, "--skipApiVersionCheck", "--disableTelemetry", "--silent"],
            onLine: line =>
            {
                if (Listening().Match(line) is { Success: true } match) listens.TrySetResult(int.Parse(match.Groups[1].Value, provider: null));
            });
        var gone = _process.WaitAsync(CancellationToken.None);
        if (await Task.WhenAny(listens.Task, gone, Task.Delay(StartLimit)) != listens.Task) throw new InvalidOperationException($"Azurite does not start: {_process.Output}");
        _port = await listens.Task;
    }

    /// <summary>Asks it to end, since it writes its tables only then.</summary>
    public async Task StopAsync()
    {
        if (_process is null) return;
        await _process.DisposeAsync();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex(@"listens on http://127\.0\.0\.1:(\d+)")]
    private static partial Regex Listening();
}

/// <summary>A container of one test.</summary>
public sealed record Storage(string Account, string ContainerName)
{
    public BlobContainerClient Container { get; } = new(Account, ContainerName);

    /// <summary>As services are configured: <c>ConnectionStrings:models</c>.</summary>
    public string ConnectionString => $"Endpoint=\"{Account}\";ContainerName={ContainerName}";
}
