using System.Text.RegularExpressions;

namespace ModelPlatform.Tests.Shared;

/// <summary>One service of the storage emulator in a process of its own, on a free port and with a folder of its own, whose data survive a restart.</summary>
internal sealed partial class AzuriteService(string service) : IAsyncDisposable
{
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    /// <summary>The beginning of a connection string.</summary>
    public const string Account = $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={Key};";

    private readonly string _folder = Directory.CreateTempSubdirectory("azurite-").FullName;
    private ProcessGroup? _process;
    private int _port;

    public string Endpoint => $"http://127.0.0.1:{_port}/devstoreaccount1";

    public bool IsInstalled => File.Exists(Script);

    private string Script => RepositoryRoot.Combine("eng", "azurite", "node_modules", "azurite", "dist", "src", service, "main.js");

    public void SkipWhereMissing() => Assert.SkipUnless(IsInstalled, "Azurite is not installed: run 'npm ci' in eng/azurite (./build.sh test does).");

    public async Task StartAsync()
    {
        var listens = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = ProcessGroup.Start(
            "node",
            [Script, $"--{service}Host", "127.0.0.1", $"--{service}Port", $"{_port}", "--location", _folder, "--skipApiVersionCheck", "--disableTelemetry", "--silent"],
            onLine: line =>
            {
                if (Listening().Match(line) is { Success: true } match) listens.TrySetResult(int.Parse(match.Groups[1].Value, provider: null));
            });
        var gone = _process.WaitAsync(CancellationToken.None);
        if (await Task.WhenAny(listens.Task, gone, Task.Delay(StartLimit)) != listens.Task) throw new InvalidOperationException($"Azurite does not start: {_process.Output}");
        _port = await listens.Task;
    }

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
