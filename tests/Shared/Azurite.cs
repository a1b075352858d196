using System.Diagnostics;
using Azure.Storage.Blobs;

namespace ModelPlatform.Tests.Shared;

/// <summary>A storage emulator of the tests' own, on a free port, with data in memory or in a folder that survives a restart.</summary>
public sealed class Azurite : IAsyncDisposable
{
    private const string Account = "AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly string _data = Directory.CreateTempSubdirectory("azurite-").FullName;
    private Process? _process;

    public int Port { get; } = FreePort.Next();

    public string ConnectionString => $"DefaultEndpointsProtocol=http;{Account};BlobEndpoint=http://127.0.0.1:{Port}/devstoreaccount1;";

    /// <summary>As services receive it.</summary>
    public string ConnectionStringOf(string container) => $"Endpoint=\"{ConnectionString}\";ContainerName={container}";

    public BlobContainerClient Container(string name) => new BlobServiceClient(ConnectionString).GetBlobContainerClient(name);

    public async Task StartAsync()
    {
        var program = RepositoryRoot.Combine("eng", "azurite", "node_modules", "azurite", "dist", "src", "blob", "main.js");
        Assert.SkipUnless(File.Exists(program), "Azurite is not installed: run ./build.sh test, or \"npm ci\" in eng/azurite.");

        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[program, "--location", _data, "--blobHost", "127.0.0.1", "--blobPort", $"{Port}", "--skipApiVersionCheck", "--disableTelemetry", "--silent"])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        using var client = new HttpClient();
        await Eventually.FindAsync(async () => await client.GetAsync($"http://127.0.0.1:{Port}/"), "Azurite answers");
    }

    public async Task StopAsync()
    {
        if (_process is null) return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_data, recursive: true);
    }
}
