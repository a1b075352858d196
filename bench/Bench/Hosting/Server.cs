using System.Diagnostics;
using ModelPlatform.Bench.Processes;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Bench.Hosting;

/// <summary>A started server of any kind: where it answers, and what its processes cost.</summary>
internal sealed class Server : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(2);

    private readonly ProcessGroup _group;

    private Server(string name, int port, ProcessGroup group) => (Name, Port, _group) = (name, port, group);

    public string Name { get; }

    public int Port { get; }

    /// <summary>From the start of the process to the first good answer.</summary>
    public TimeSpan StartUp { get; private set; }

    public double ProportionalMebibytes => ProcessCost.ProportionalMebibytes(Processes);

    // Looked up each time: a server forks when it likes.
    private IReadOnlyList<int> Processes => ProcessCost.OfSession(_group.Id);

    /// <param name="ready">What has to succeed once before it counts as started.</param>
    public static async Task<Server> StartAsync(
        string name, int port, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, Func<HttpClient, Task<HttpResponseMessage>> ready)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(10) };
        var started = Stopwatch.GetTimestamp();
        var server = new Server(name, port, ProcessGroup.Start(program, arguments, environment));
        while (!await server.AnswersAsync(client, ready))
        {
            var late = Stopwatch.GetElapsedTime(started) > StartLimit;
            if (late || server._group.HasExited)
            {
                await server.DisposeAsync();
                throw new InvalidOperationException($"{name} {(late ? "does not answer" : "has ended")}:\n{server._group.Output}");
            }
            await Task.Delay(Between);
        }
        server.StartUp = Stopwatch.GetElapsedTime(started);
        return server;
    }

    public double CpuMilliseconds() => ProcessCost.CpuMilliseconds(Processes);

    public ValueTask DisposeAsync() => _group.DisposeAsync();

    private async Task<bool> AnswersAsync(HttpClient client, Func<HttpClient, Task<HttpResponseMessage>> ready)
    {
        try
        {
            using var answer = await ready(client);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException) when (!_group.HasExited) { return false; }
        catch (TaskCanceledException timeout) when (timeout.InnerException is TimeoutException) { return false; }
    }
}
