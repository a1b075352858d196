using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace ModelPlatform.Tests.Shared;

/// <summary>
/// A port on which nobody listens, below those that systems give to outgoing connections, one of which could have taken it by the time its service starts,
/// and below those that the application takes at random.
/// </summary>
internal static class FreePort
{
    private const int First = 11_000;
    private const int Count = 3_900;

    private static int _next = RandomNumberGenerator.GetInt32(Count);

    /// <returns>Another one each time, for a long time.</returns>
    public static int Next()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse) { }
        }
    }
}
