using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Running;

/// <summary>
/// One public TCP port in front of all replicas of an endpoint, open as long as this process lives. Each connection goes to one replica, in turns;
/// while none listens, connections are accepted and held.
/// </summary>
internal sealed class EndpointProxy
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(50);

    private readonly TcpListener _listener;
    private ImmutableList<int> _targets = [];
    private int _turn;

    public EndpointProxy(int? port)
    {
        _listener = new(IPAddress.Loopback, port ?? 0);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    public void Add(int target) => ImmutableInterlocked.Update(ref _targets, targets => targets.Add(target));

    public void Remove(int target) => ImmutableInterlocked.Update(ref _targets, targets => targets.Remove(target));

    private async Task AcceptAsync()
    {
        while (true) _ = ForwardAsync(await _listener.AcceptSocketAsync());
    }

    private async Task ForwardAsync(Socket client)
    {
        using (client)
        {
            try
            {
                using var server = await ConnectAsync(client);
                if (server is null) return;
                client.NoDelay = server.NoDelay = true;
                await Task.WhenAll(PumpAsync(client, server), PumpAsync(server, client));
            }
            catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException) { /* either side went away: so does the connection */ }
        }
    }

    // Nothing has been read from the client yet, so that a replica that refuses costs nothing but the next attempt.
    private async Task<Socket?> ConnectAsync(Socket client)
    {
        while (!HasLeft(client))
        {
            var targets = _targets;
            var turn = Interlocked.Increment(ref _turn) & int.MaxValue;
            for (int i = 0; i < targets.Count; i++)
            {
                var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    await server.ConnectAsync(IPAddress.Loopback, targets[(turn + i) % targets.Count]);
                    return server;
                }
                catch (SocketException) { server.Dispose(); }
            }
            await Task.Delay(RetryEvery);
        }
        return null;
    }

    private static bool HasLeft(Socket client) => client.Poll(TimeSpan.Zero, SelectMode.SelectRead) && client.Available == 0;

    // The end of one direction is passed on by itself; a failure in one ends both.
    private static async Task PumpAsync(Socket from, Socket to)
    {
        try
        {
            await new NetworkStream(from).CopyToAsync(new NetworkStream(to));
            to.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            from.Dispose();
            to.Dispose();
            throw;
        }
    }
}
