using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.Hosting;

/// <summary>
/// What a Kubernetes Service is to its clients: each new connection goes to the next of the replicas that were ready when it last looked. It learns
/// of a change late, and tries nothing twice.
/// </summary>
internal sealed class ServiceProxy : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stopping = new();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly Func<IEnumerable<Uri>> _replicas;
    private readonly TcpProxy _proxy;
    private readonly Task _looking;
    private IReadOnlyList<Uri> _ready = [];
    private int _next;

    /// <param name="replicas">All that there may be.</param>
    public ServiceProxy(Func<IEnumerable<Uri>> replicas)
    {
        _replicas = replicas;
        _proxy = new TcpProxy(Next);
        _looking = LookAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{_proxy.Port}");

    public bool Reaches(Uri replica) => Volatile.Read(ref _ready).Contains(replica);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _looking;
        await _proxy.DisposeAsync();
        _client.Dispose();
        _stopping.Dispose();
    }

    private int Next()
    {
        var ready = Volatile.Read(ref _ready);
        return ready[(int)((uint)Interlocked.Increment(ref _next) % ready.Count)].Port;
    }

    private async Task LookAsync()
    {
        using var timer = new PeriodicTimer(LookEvery);
        try
        {
            do
            {
                var looked = await Task.WhenAll(_replicas().Select(async replica => (replica, IsReady: await IsReadyAsync(replica))));
                Volatile.Write(ref _ready, [.. looked.Where(replica => replica.IsReady).Select(replica => replica.replica)]);
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token));
        }
        catch (OperationCanceledException) { }
    }

    private async Task<bool> IsReadyAsync(Uri replica)
    {
        try
        {
            using var answer = await _client.GetAsync(new Uri(replica, "v2/health/ready"), _stopping.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException) { return false; }
    }
}
