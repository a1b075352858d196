using System.Diagnostics;
using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using ModelPlatform.Tests.Integration;

[assembly: AssemblyFixture(typeof(Azurite))]

namespace ModelPlatform.Tests.Integration;

/// <summary>The real storage emulator in a process of its own, on a free port and with a folder of its own. One serves all tests; each takes a container.</summary>
public sealed partial class Azurite : IAsyncLifetime
{
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("azurite-").FullName;
    private Process? _process;
    private int _port;

    private static string Script => Path.Combine(RepositoryRoot.Path, "eng", "azurite", "node_modules", "azurite", "dist", "src", "blob", "main.js");

    public async ValueTask InitializeAsync()
    {
        if (File.Exists(Script)) await StartAsync();
    }

    /// <summary>A container name that no other test has; nothing is created. Skips the test where the emulator is not installed.</summary>
    public Storage NewStorage()
    {
        if (_process is null) Assert.Skip("Azurite is not installed: run 'npm ci' in eng/azurite (./build.sh test does).");
        return new Storage($"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={Key};BlobEndpoint=http://127.0.0.1:{_port}/devstoreaccount1;", $"test-{Guid.NewGuid():n}");
    }

    /// <summary>Starts it, or starts it again on the port and with the data that it had.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Script, "--blobHost", "127.0.0.1", "--blobPort", $"{_port}", "--location", _folder, "--skipApiVersionCheck", "--disableTelemetry", "--silent"])
            start.ArgumentList.Add(argument);
        var listens = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new List<string>();
        _process = Process.Start(start)!;
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => listens.TrySetException(new InvalidOperationException($"Azurite ended: {string.Join('\n', said)}"));
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        _port = await listens.Task.WaitAsync(StartLimit);

        void Hear(string? line)
        {
            if (line is null) return;
            lock (said) said.Add(line);
            if (Listening().Match(line) is { Success: true } match) listens.TrySetResult(int.Parse(match.Groups[1].Value, provider: null));
        }
    }

    /// <summary>Asks it to end, since it writes its tables only then.</summary>
    public async Task StopAsync()
    {
        using var process = _process!;
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) await kill.WaitForExitAsync();
        using var limit = new CancellationTokenSource(StartLimit);
        await process.WaitForExitAsync(limit.Token);
    }

    public ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            try { _process.Kill(entireProcessTree: true); }
            catch (InvalidOperationException) { /* it was stopped and disposed of */ }
            _process.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
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
