using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ModelPlatform.Tests.Shared;

/// <summary>
/// Passes each connection on to a port that is chosen as it comes, or cuts it off: while <see cref="CutAfter"/> is set, once so many bytes have come back,
/// and before a request is passed on that is to be refused.
/// </summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;
    private readonly Func<int> _target;
    private long _cutAfter = long.MaxValue;
    private int _cuts;

    public TcpProxy(Func<int> target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Cuts => Volatile.Read(ref _cuts);

    public long CutAfter
    {
        set => Volatile.Write(ref _cutAfter, value);
    }

    /// <summary>Asked about the first line of each request over HTTP: one for which it says true is not passed on.</summary>
    public Predicate<string>? Refuses { get; init; }

    /// <summary>Draws for each connection after how many bytes that come back it is cut.</summary>
    public Func<long> CutEachAfter { get; init; } = () => long.MaxValue;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException) { await Task.WhenAll(connections); }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _target(), _stopping.Token);
            await Task.WhenAny(CopyAsync(near.GetStream(), far.GetStream(), cut: false), CopyAsync(far.GetStream(), near.GetStream(), cut: true));
        }
        catch (Exception broken) when (broken is OperationCanceledException or SocketException) { }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, bool cut)
    {
        var buffer = new byte[16 << 10];
        var (passed, most) = (0L, cut ? CutEachAfter() : long.MaxValue);
        try
        {
            for (int read; (read = await from.ReadAsync(buffer, _stopping.Token)) > 0;)
            {
                if (!cut && Refuses?.Invoke(FirstLine(buffer.AsSpan(0, read))) == true) return;
                await to.WriteAsync(buffer.AsMemory(0, (int)Math.Min(read, most - passed)), _stopping.Token);
                if (!cut || (passed += read) < Math.Min(most, Volatile.Read(ref _cutAfter))) continue;
                Interlocked.Increment(ref _cuts);
                return;
            }
        }
        catch (Exception broken) when (broken is OperationCanceledException or IOException or ObjectDisposedException) { }
    }

    private static string FirstLine(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes[..(bytes.IndexOf((byte)'\r') is var end and >= 0 ? end : 0)]);
}
