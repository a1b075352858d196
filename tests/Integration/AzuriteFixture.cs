using ModelPlatform.Tests.Shared;

[assembly: AssemblyFixture(typeof(ModelPlatform.Tests.Integration.AzuriteFixture))]

namespace ModelPlatform.Tests.Integration;

/// <summary>One emulator for all tests that never stop it; each test has a container of its own.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private int _containers;

    public Azurite Azurite { get; } = new();

    public string NextContainer() => $"test-{Interlocked.Increment(ref _containers)}";

    public async ValueTask InitializeAsync() => await Azurite.StartAsync();

    public ValueTask DisposeAsync() => Azurite.DisposeAsync();
}
