using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;

namespace ModelPlatform.Tests.EndToEnd.Load;

/// <summary>A steady load of small tensors, half of the connections to each target; every answer is told apart by who gave it with which version.</summary>
internal sealed class TensorLoad : IAsyncDisposable
{
    private const int Connections = 8;
    private const int PerSecond = 100;

    // Negative: their roots are no numbers. Answers are binary, since JSON has no way to say that.
    private const string Call = """
        { "inputs": [{ "name": "x", "datatype": "FP32", "shape": [1, 2], "data": [-1, -4] }], "outputs": [{ "name": "y", "parameters": { "binary_data": true } }] }
        """;

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly ConcurrentDictionary<(Uri Target, int Version, int Era), int> _answers = new();
    private readonly Task[] _workers;
    private int _era;

    private TensorLoad(string model, Uri[] targets) => _workers = [.. Enumerable.Range(0, Connections).Select(worker => WorkAsync(model, targets[worker % targets.Length]))];

    public IReadOnlyCollection<string> Failures => _failures;

    public int Answers => _answers.Values.Sum();

    public static TensorLoad Start(string model, params Uri[] targets) => new(model, targets);

    public int AnswersOf(Uri target, int version) => _answers.Where(answer => answer.Key.Target == target && answer.Key.Version == version).Sum(answer => answer.Value);

    /// <summary>Tells the answers to all calls that begin from now on from those before.</summary>
    public int BeginEra() => Interlocked.Increment(ref _era);

    /// <summary>How many answers each version gave to calls that began in this era or a later one.</summary>
    public IReadOnlyDictionary<int, int> VersionsSince(int era) =>
        _answers.Where(answer => answer.Key.Era >= era).GroupBy(answer => answer.Key.Version).ToDictionary(version => version.Key, version => version.Sum(answer => answer.Value));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_workers);
        _stopping.Dispose();
    }

    private async Task WorkAsync(string model, Uri target)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds((double)Connections / PerSecond));
        while (!_stopping.IsCancellationRequested)
        {
            try { await AskAsync(client, model, target); }
            catch (Exception broken) when (broken is HttpRequestException or OperationCanceledException) { _failures.Enqueue($"{target}: {broken.GetBaseException().Message}"); }
            try { await pace.WaitForNextTickAsync(_stopping.Token); }
            catch (OperationCanceledException) { return; }
        }
    }

    private async Task AskAsync(HttpClient client, string model, Uri target)
    {
        var era = Volatile.Read(ref _era);
        using var body = new StringContent(Call, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri(target, $"/v2/models/{model}/infer"), body);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        if (!answer.IsSuccessStatusCode) _failures.Enqueue($"{target}: {(int)answer.StatusCode} {Encoding.UTF8.GetString(bytes)}");
        else
        {
            var length = int.Parse(answer.Headers.GetValues("Inference-Header-Content-Length").Single(), null);
            var version = int.Parse((string)JsonNode.Parse(bytes.AsSpan(0, length))!["model_version"]!, null);
            _answers.AddOrUpdate((target, version, era), 1, (_, count) => count + 1);
        }
    }
}
