using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Reloading;

internal sealed class ReplicaOptions
{
    public const string Section = "Replica";

    /// <summary>The replica's name in acks and listings; by default the service.instance.id of OTEL_RESOURCE_ATTRIBUTES, else host and process id.</summary>
    public string? Id { get; set; }

    /// <summary>The host under which others reach this replica; by default the host it is bound to, or this machine's own address where it is bound to all.</summary>
    public string? Host { get; set; }
}

/// <summary>Who and where this replica is, past any proxy or Service in front of it.</summary>
internal sealed class ReplicaIdentity(IOptions<ReplicaOptions> options, IServer server, GrpcEndpoint grpc)
{
    /// <summary>ModelSync refuses what is no id, and service.instance.id may be any text.</summary>
    public ReplicaId Id { get; } = ReplicaId.Nearest(NameOf(options.Value.Id, Environment.GetEnvironmentVariable("OTEL_RESOURCE_ATTRIBUTES")));

    /// <summary>Of this process: one that was started anew under the same name has another.</summary>
    public string Run { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Null until the server is bound.</summary>
    public string? Address => Bound.Where(address => address.Port != grpc.Port).Select(Reachable).FirstOrDefault();

    /// <summary>Null too where there is no endpoint for gRPC.</summary>
    public string? GrpcAddress => Bound.Where(address => address.Port == grpc.Port).Select(Reachable).FirstOrDefault();

    private IEnumerable<BindingAddress> Bound => server.Features.Get<IServerAddressesFeature>()?.Addresses.Select(BindingAddress.Parse) ?? [];

    private static string NameOf(string? configured, string? attributes) =>
        string.IsNullOrWhiteSpace(configured) ? InstanceId(attributes) ?? $"{Environment.MachineName}-{Environment.ProcessId}" : configured;

    internal static string? InstanceId(string? attributes) => attributes?.Split(',')
        .Select(pair => pair.Split('=', 2))
        .Where(pair => pair.Length == 2 && pair[0].Trim() == "service.instance.id" && pair[1].Trim().Length > 0)
        .Select(pair => Uri.UnescapeDataString(pair[1].Trim()))
        .FirstOrDefault();

    /// <summary>The host may be an address of either kind, with or without brackets.</summary>
    internal static string UrlOf(string scheme, string host, int port) =>
        IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 ? $"{scheme}://[{address}]:{port}" : $"{scheme}://{host}:{port}";

    private string Reachable(BindingAddress address) =>
        UrlOf(address.Scheme, options.Value.Host ?? (IsEverything(address.Host) ? OwnAddress() : address.Host), address.Port);

    private static bool IsEverything(string host) =>
        host is "*" or "+" || IPAddress.TryParse(host, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    private static string OwnAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork)?.ToString() ?? "localhost";
}
