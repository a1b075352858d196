using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using ModelPlatform.Bench.Hosting;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Bench.Simulation;

/// <summary>Many replicas in this process, each with a watch of its own, in front of one real ModelSync.</summary>
internal sealed class SimulatedFleet : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(5);

    private readonly CancellationTokenSource _end = new();
    private readonly ReadyAnswers _ready;
    private readonly IReadOnlyList<SimulatedReplica> _replicas;
    private readonly Task _running;
    private int _unsent;

    private SimulatedFleet(int size, Server sync, EmulatedStorage storage, TimeSpan loadTime)
    {
        LoadTime = loadTime;
        Client = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{sync.Port}")), Timeout = TimeSpan.FromMinutes(1) };
        Client.DefaultRequestHeaders.Authorization = OurService.Authorization;
        Documents = new DocumentTray(storage.Blobs);
        Generations = new GenerationLog(size);
        _ready = new ReadyAnswers(size, FreePort.Next());
        _replicas = [.. Enumerable.Range(0, size).Select(number => new SimulatedReplica(number, this))];
        _running = RunAsync();
    }

    public HttpClient Client { get; }

    public TimeSpan LoadTime { get; }

    public DocumentTray Documents { get; }

    public GenerationLog Generations { get; }

    /// <returns>Once all of them serve the version.</returns>
    public static async Task<SimulatedFleet> StartAsync(int size, Server sync, EmulatedStorage storage, TimeSpan loadTime, ModelId serving)
    {
        var fleet = new SimulatedFleet(size, sync, storage, loadTime);
        try
        {
            await fleet.UntilAsync($"every replica serves {serving}", () => fleet.Serve(serving));
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where ModelSync asks a replica whether it is ready.</summary>
    public string AddressOf(int number) => _ready.UrlOf(number);

    /// <summary>Counts acks that are not delivered yet; fewer when one is.</summary>
    public void Says(int acks) => Interlocked.Add(ref _unsent, acks);

    /// <summary>Returns once ModelSync has heard everything.</summary>
    public Task QuietAsync() => UntilAsync("every ack is delivered", () => Volatile.Read(ref _unsent) == 0);

    /// <summary>Makes ModelSync list at once.</summary>
    public async Task HintAsync(ModelName model)
    {
        using var answer = await Client.PostAsync(new Uri(SyncRoutes.LoadOf(model), UriKind.Relative), null);
        answer.EnsureSuccessStatusCode();
    }

    public bool Serve(ModelId id) => _replicas.All(replica => replica.Serves(id.Name, id.Version));

    public async Task UntilAsync(string what, Func<bool> holds)
    {
        var waiting = Stopwatch.GetTimestamp();
        while (!holds())
        {
            if (_running.IsCompleted) await _running;
            if (Stopwatch.GetElapsedTime(waiting) > Patience) throw new InvalidOperationException($"Not within {Patience}: {what}.");
            await Task.Delay(Between);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _ready.Dispose();
        try { await _running; }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException or IOException or HttpRequestException) { /* it was ended */ }
        Client.Dispose();
        _end.Dispose();
    }

    /// <summary>Ends with the first replica that breaks off.</summary>
    private async Task RunAsync()
    {
        await Task.Yield();
        IEnumerable<Task> parts = [_ready.RunAsync(), .. _replicas.Select(replica => replica.FollowAsync(_end.Token)), .. _replicas.Select(replica => replica.AcknowledgeAsync(_end.Token))];
        await await Task.WhenAny(parts);
        throw new InvalidOperationException("A simulated replica lost its watch.");
    }
}
