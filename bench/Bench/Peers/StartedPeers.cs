using ModelPlatform.Bench.Hosting;

namespace ModelPlatform.Bench.Peers;

/// <summary>Those that could be had on this machine.</summary>
internal sealed class StartedPeers : List<Server>, IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        foreach (var server in this) await server.DisposeAsync();
    }
}
