using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>The public ports of the application. All are opened before anything starts, so that every address is known to every child.</summary>
internal sealed class Ports : IDisposable
{
    private readonly Dictionary<EndpointAnnotation, EndpointProxy> _proxies = [];

    /// <summary>Below the range that outgoing connections take their ports from, so that it is still free when the child opens it.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(20_001, 32_000);
            if (IsFree(port)) return port;
        }
    }

    public static void MustBeFree(Uri url, string owner)
    {
        if (!IsFree(url.Port)) throw Taken(url.Port, owner);
    }

    public void Open(IResource resource)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            try
            {
                var proxy = new EndpointProxy(endpoint.Port);
                _proxies.Add(endpoint, proxy);
                endpoint.AllocatedPort = proxy.Port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse) { throw Taken(endpoint.Port ?? 0, $"{resource.Name} ({endpoint.Name})"); }
        }
    }

    public void Attach(Replica replica)
    {
        foreach (var (endpoint, port) in replica.Targets) _proxies[endpoint].Add(port);
    }

    public void Detach(Replica replica)
    {
        foreach (var (endpoint, port) in replica.Targets) _proxies[endpoint].Remove(port);
    }

    public void Dispose()
    {
        foreach (var proxy in _proxies.Values) proxy.Dispose();
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse) { return false; }
    }

    private static DistributedApplicationException Taken(int port, string owner) => new($"Port {port}, meant for {owner}, is taken by another program.");
}
