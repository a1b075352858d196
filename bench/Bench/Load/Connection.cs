using System.Net;
using System.Net.Sockets;

namespace ModelPlatform.Bench.Load;

/// <summary>One kept-alive connection with at most one request on it. Nothing here blocks.</summary>
internal sealed class Connection : IDisposable
{
    private readonly HttpCall _call;
    private byte[] _received = new byte[16 << 10];
    private Socket _socket;
    private int _sent;
    private int _length;
    private int _status;

    public Connection(HttpCall call)
    {
        _call = call;
        _socket = Connect(call.Port);
    }

    public bool IsBusy { get; private set; }

    public bool IsSending => IsBusy && _sent < _call.Bytes.Length;

    /// <summary>When its request was due.</summary>
    public long Due { get; private set; }

    public int Descriptor => (int)_socket.Handle;

    public void Begin(long due)
    {
        (Due, _sent, _length, _status, IsBusy) = (due, 0, 0, 0, true);
        Send();
    }

    /// <summary>Goes on with what the socket is ready for.</summary>
    /// <returns>The answer's status once it is complete; 0 before.</returns>
    public int Advance()
    {
        if (IsSending) Send();
        if (_status == 0) _status = Receive();
        // A refusal may come before all is sent; the rest has to follow all the same.
        if (_status == 0 || IsSending) return 0;
        IsBusy = false;
        if (HttpAnswer.EndsConnection(_received.AsSpan(0, _length))) Reset();
        return _status;
    }

    /// <summary>Begins anew after a failure.</summary>
    public void Reset()
    {
        _socket.Dispose();
        _socket = Connect(_call.Port);
        IsBusy = false;
    }

    public void Dispose() => _socket.Dispose();

    private static Socket Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        socket.Blocking = false;
        return socket;
    }

    private void Send()
    {
        while (IsSending)
        {
            var count = _socket.Send(_call.Bytes.AsSpan(_sent), SocketFlags.None, out var problem);
            if (problem == SocketError.WouldBlock) return;
            if (problem != SocketError.Success) throw new SocketException((int)problem);
            _sent += count;
        }
    }

    private int Receive()
    {
        while (true)
        {
            if (_length == _received.Length) Array.Resize(ref _received, 2 * _length);
            var count = _socket.Receive(_received.AsSpan(_length), SocketFlags.None, out var problem);
            if (problem == SocketError.WouldBlock) return 0;
            if (problem != SocketError.Success) throw new SocketException((int)problem);
            if (count == 0) throw new SocketException((int)SocketError.ConnectionReset);
            _length += count;
            if (HttpAnswer.StatusOf(_received.AsSpan(0, _length)) is not 0 and var status) return status;
        }
    }
}
