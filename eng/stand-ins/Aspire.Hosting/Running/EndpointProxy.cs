using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Running;

/// <summary>
/// One public TCP port in front of all replicas of an endpoint. Each connection goes to one replica, in turns; while none listens, connections are accepted and held.
/// </summary>
internal sealed class EndpointProxy : IDisposable
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _closed = new();
    private readonly TcpListener _listener;
    private ImmutableList<int> _targets = [];
    private int _turn;

    public EndpointProxy(int? port)
    {
        _listener = new(IPAddress.Loopback, port ?? 0);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync(_closed.Token);
    }

    public int Port { get; }

    public void Add(int target) => ImmutableInterlocked.Update(ref _targets, targets => targets.Add(target));

    public void Remove(int target) => ImmutableInterlocked.Update(ref _targets, targets => targets.Remove(target));

    public void Dispose()
    {
        _closed.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync(CancellationToken closed)
    {
        try
        {
            while (true) _ = ForwardAsync(await _listener.AcceptSocketAsync(closed), closed);
        }
        catch (OperationCanceledException) when (closed.IsCancellationRequested) { /* the application stops */ }
    }

    private async Task ForwardAsync(Socket client, CancellationToken closed)
    {
        using (client)
        {
            try
            {
                using var server = await ConnectAsync(client, closed);
                if (server is null) return;
                client.NoDelay = server.NoDelay = true;
                await Task.WhenAll(PumpAsync(client, server, closed), PumpAsync(server, client, closed));
            }
            catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or OperationCanceledException) { /* either side went away: so does the connection */ }
        }
    }

    // Nothing has been read from the client yet, so that a replica that refuses costs nothing but the next attempt.
    private async Task<Socket?> ConnectAsync(Socket client, CancellationToken closed)
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
                    await server.ConnectAsync(IPAddress.Loopback, targets[(turn + i) % targets.Count], closed);
                    return server;
                }
                catch (SocketException) { server.Dispose(); }
            }
            await Task.Delay(RetryEvery, closed);
        }
        return null;
    }

    private static bool HasLeft(Socket client) => client.Poll(TimeSpan.Zero, SelectMode.SelectRead) && client.Available == 0;

    // The end of one direction is passed on by itself; a failure in one ends both.
    private static async Task PumpAsync(Socket from, Socket to, CancellationToken closed)
    {
        try
        {
            await new NetworkStream(from).CopyToAsync(new NetworkStream(to), closed);
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
