using Azure.Storage.Blobs;

namespace ModelPlatform.Tests.Shared;

/// <summary>The real storage emulator's blobs. One serves many tests; each takes a container.</summary>
public sealed class Azurite : IAsyncLifetime
{
    private readonly AzuriteService _blobs = new("blob");

    public async ValueTask InitializeAsync()
    {
        if (_blobs.IsInstalled) await StartAsync();
    }

    /// <summary>A container that no other test has; nothing is created. Skips the test where the emulator is not installed.</summary>
    public Storage NewStorage()
    {
        _blobs.SkipWhereMissing();
        return new Storage($"{AzuriteService.Account}BlobEndpoint={_blobs.Endpoint};", $"test-{Guid.NewGuid():n}");
    }

    /// <summary>Starts it, or starts it again on the port and with the data that it had.</summary>
    public Task StartAsync() => _blobs.StartAsync();

    /// <summary>Asks it to end, since it writes its tables only then.</summary>
    public Task StopAsync() => _blobs.StopAsync();

    public ValueTask DisposeAsync() => _blobs.DisposeAsync();
}

/// <summary>A container of one test.</summary>
public sealed record Storage(string Account, string ContainerName)
{
    public BlobContainerClient Container { get; } = new(Account, ContainerName);

    /// <summary>As services are configured: <c>ConnectionStrings:models</c>.</summary>
    public string ConnectionString => $"Endpoint=\"{Account}\";ContainerName={ContainerName}";
}
