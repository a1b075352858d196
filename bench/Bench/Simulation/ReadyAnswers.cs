using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ModelPlatform.Bench.Simulation;

/// <summary>
/// Answers for every replica when ModelSync asks whether it is ready. Each has an address of its own, as real ones have: connections that ModelSync keeps it keeps
/// for each address.
/// </summary>
internal sealed class ReadyAnswers : IDisposable
{
    private static readonly byte[] Ready = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray();

    private readonly List<Socket> _listening = [];
    private readonly int _port;

    public ReadyAnswers(int replicas, int port)
    {
        _port = port;
        for (var number = 0; number < replicas; number++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _listening.Add(socket);
            socket.Bind(new IPEndPoint(AddressOf(number), port));
            socket.Listen();
        }
    }

    public string UrlOf(int number) => string.Create(CultureInfo.InvariantCulture, $"http://{AddressOf(number)}:{_port}");

    /// <summary>Ends when it is disposed.</summary>
    public Task RunAsync() => Task.WhenAll(_listening.Select(AcceptAsync));

    public void Dispose() => _listening.ForEach(socket => socket.Dispose());

    // All of 127.0.0.0/8 is this machine on Linux.
    private static IPAddress AddressOf(int number) => new([127, 1, (byte)(number / 250), (byte)(number % 250 + 1)]);

    private static async Task AcceptAsync(Socket listening)
    {
        while (true) _ = AnswerAsync(await listening.AcceptAsync());
    }

    // One question is one packet, and has no body.
    private static async Task AnswerAsync(Socket connection)
    {
        using var closed = connection;
        var question = new byte[1024];
        try
        {
            while (await connection.ReceiveAsync(question) > 0) await connection.SendAsync(Ready);
        }
        catch (SocketException) { /* ModelSync has closed it */ }
    }
}
