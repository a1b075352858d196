using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Sync.Leading;

/// <summary>Who this instance is, for the lease and for whoever looks at the blob.</summary>
internal sealed class LeaderIdentity(IOptions<LeaderOptions> options, IServer server)
{
    private readonly string? _given = string.IsNullOrWhiteSpace(options.Value.Instance) ? null : options.Value.Instance;

    /// <summary>Of this process alone, whatever its name is.</summary>
    public string Run { get; } = Guid.NewGuid().ToString();

    /// <summary>In metadata, so in characters that a header can carry.</summary>
    public string Instance => ReplicaId.Nearest(_given ?? $"{Environment.MachineName}-{Environment.ProcessId}").ToString();

    /// <summary>Storage gives a lease again to whoever asks for it with the id that it has: so of the name, where there is one.</summary>
    public string LeaseId => _given is null ? Run : new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(_given)).AsSpan(0, 16)).ToString();

    /// <summary>Known once the server is bound.</summary>
    public string Address => (server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "")
        .Replace("[::]", Environment.MachineName, StringComparison.Ordinal)
        .Replace("0.0.0.0", Environment.MachineName, StringComparison.Ordinal);
}
