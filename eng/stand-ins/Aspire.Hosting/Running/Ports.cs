using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

internal static class Ports
{
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

    public static void Open(IResource resource)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            try { endpoint.Proxy = new(endpoint.Port); }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse) { throw Taken(endpoint.Port ?? 0, $"{resource.Name} ({endpoint.Name})"); }
        }
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
