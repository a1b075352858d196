using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.Load;

/// <summary>
/// A steady load of pictures from so many connections, each its own client. Every answer is checked: odd versions hold the first sample model, even
/// ones the second, and the two disagree about the picture, so that an answer which mixes versions gives itself away.
/// </summary>
internal sealed class ScoringLoad : IAsyncDisposable
{
    public const string Model = "steady";
    private const int Connections = 8;
    private const int PerSecond = 100;

    private static readonly byte[] Picture = File.ReadAllBytes(RepositoryRoot.Combine("samples", "fashion", "images", "sneaker-hard.png"));

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly ConcurrentQueue<double> _milliseconds = new();
    private readonly ConcurrentDictionary<string, int> _versions = new();
    private readonly Task[] _workers;

    private ScoringLoad(Uri[] targets) => _workers = [.. Enumerable.Range(0, Connections).Select(worker => WorkAsync(targets, worker))];

    public IReadOnlyCollection<string> Failures => _failures;

    public int Answers => _milliseconds.Count;

    /// <summary>How many answers each version gave.</summary>
    public IReadOnlyDictionary<string, int> Versions => _versions;

    /// <summary>Connections are spread over the targets; one whose connection breaks goes on with the next.</summary>
    public static ScoringLoad Start(params Uri[] targets) => new(targets);

    public static string FolderOf(int version) => RepositoryRoot.Combine("samples", "fashion", version % 2 == 1 ? "1" : "2");

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_workers);
    }

    public string Summary
    {
        get
        {
            var sorted = _milliseconds.Order().ToList();
            return sorted.Count == 0 ? "no answers" : FormattableString.Invariant(
                $"{sorted.Count} answers, {_failures.Count} failures; p50 {sorted[sorted.Count / 2]:0.0} ms, p99 {sorted[sorted.Count * 99 / 100]:0.0} ms, max {sorted[^1]:0.0} ms");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private async Task WorkAsync(Uri[] targets, int worker)
    {
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }) { Timeout = TimeSpan.FromSeconds(10) };
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds((double)Connections / PerSecond));
        for (var target = worker; !_stopping.IsCancellationRequested;)
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                using var body = new ByteArrayContent(Picture) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
                using var answer = await client.PostAsync(new Uri(targets[target % targets.Length], $"/v2/models/{Model}/classify"), body);
                Check((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
                _milliseconds.Enqueue(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                // As behind a Service: the next connection goes to one that stays.
                if (answer.Headers.ConnectionClose == true) target++;
            }
            catch (Exception broken) when (broken is HttpRequestException or OperationCanceledException)
            {
                _failures.Enqueue($"{targets[target % targets.Length]}: {broken.GetBaseException().Message}");
                target++;
            }
            try { await pace.WaitForNextTickAsync(_stopping.Token); }
            catch (OperationCanceledException) { return; }
        }
    }

    private void Check(int status, string body)
    {
        if (status != 200)
        {
            _failures.Enqueue($"{status}: {body}");
            return;
        }
        var json = JsonNode.Parse(body)!;
        var version = (string)json["model_version"]!;
        var label = (string)json["predictions"]![0]!["label"]!;
        _versions.AddOrUpdate(version, 1, (_, count) => count + 1);
        var expected = int.Parse(version, null) % 2 == 1 ? "Sandal" : "Sneaker";
        if (label != expected) _failures.Enqueue($"version {version} answered {label}");
    }
}
