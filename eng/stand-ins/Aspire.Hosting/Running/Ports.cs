using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>The public ports of the application. All are opened before anything starts, so that every address is known to every child.</summary>
internal sealed class Ports : IDisposable
{
    private readonly Dictionary<EndpointAnnotation, EndpointProxy> _proxies = [];

    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static void MustBeFree(Uri url, string owner)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, url.Port);
            listener.Start();
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse) { throw Taken(url.Port, owner); }
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

    private static DistributedApplicationException Taken(int port, string owner) => new($"Port {port}, meant for {owner}, is taken by another program.");
}
