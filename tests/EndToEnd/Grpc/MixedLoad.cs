using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using ModelPlatform.Inference.Protocol.Grpc.Wire;

namespace ModelPlatform.Tests.EndToEnd.Grpc;

/// <summary>
/// Asks two models on all ways at once: on streams that stay open, each with some requests under way, by single calls, and over REST. Version n multiplies
/// by n, so that an answer which mixes versions gives itself away.
/// </summary>
internal sealed class MixedLoad : IAsyncDisposable
{
    public static readonly string[] Ways = ["stream", "call", "rest"];

    // Two for each model: what shares a run.
    private const int UnderWay = 4;

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly ConcurrentDictionary<string, int> _answers = new();
    private readonly string[] _models;
    private readonly Task[] _workers;

    private MixedLoad(IReadOnlyList<GrpcChannel> channels, Uri rest, string[] models)
    {
        _models = models;
        _workers =
        [
            .. channels.Select(channel => TellAsync(() => StreamAsync(new(channel)))),
            .. channels.Select(channel => TellAsync(() => CallAsync(new(channel)))),
            .. models.Select(_ => TellAsync(() => PostAsync(rest))),
        ];
    }

    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>By way, model and version.</summary>
    public IReadOnlyDictionary<string, int> Answers => _answers;

    public static MixedLoad Start(IReadOnlyList<GrpcChannel> channels, Uri rest, params string[] models) => new(channels, rest, models);

    public bool HaveAnswered(int version) => Ways.All(way => _models.All(model => _answers.ContainsKey($"{way} {model}/{version}")));

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_workers);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private async Task TellAsync(Func<Task> work)
    {
        try { await work(); }
        catch (RpcException broken) { _failures.Enqueue(broken.Status.ToString()); }
        catch (HttpRequestException broken) { _failures.Enqueue(broken.GetBaseException().Message); }
    }

    private async Task StreamAsync(GRPCInferenceService.GRPCInferenceServiceClient client)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(40));
        using var stream = client.ModelStreamInfer();
        for (var first = 0; !_stopping.IsCancellationRequested; first += UnderWay)
        {
            for (var i = first; i < first + UnderWay; i++) await stream.RequestStream.WriteAsync(Request(i));
            for (var i = first; i < first + UnderWay; i++)
            {
                if (!await stream.ResponseStream.MoveNext(CancellationToken.None))
                {
                    _failures.Enqueue("the stream ended");
                    return;
                }
                var answer = stream.ResponseStream.Current;
                if (answer.ErrorMessage.Length > 0) _failures.Enqueue($"stream: {answer.ErrorMessage}");
                else Check("stream", answer.InferResponse, i);
            }
            await pace.WaitForNextTickAsync();
        }
        await stream.RequestStream.CompleteAsync();
        if (await stream.ResponseStream.MoveNext(CancellationToken.None)) _failures.Enqueue("an answer without a request");
    }

    private async Task CallAsync(GRPCInferenceService.GRPCInferenceServiceClient client)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var i = 0; !_stopping.IsCancellationRequested; i++)
        {
            Check("call", await client.ModelInferAsync(Request(i)), i);
            await pace.WaitForNextTickAsync();
        }
    }

    private async Task PostAsync(Uri rest)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var client = new HttpClient();
        for (var i = 0; !_stopping.IsCancellationRequested; i++)
        {
            var body = new { id = $"{i}", inputs = new[] { new { name = "x", shape = new[] { 1, 2 }, datatype = "FP32", data = new[] { X(i), X(i) } } } };
            using var answer = await client.PostAsJsonAsync(new Uri(rest, $"/v2/models/{ModelOf(i)}/infer"), body);
            var text = await answer.Content.ReadAsStringAsync();
            if (!answer.IsSuccessStatusCode) _failures.Enqueue($"{(int)answer.StatusCode}: {text}");
            else if (JsonNode.Parse(text)! is var json) Check("rest", i, (string)json["id"]!, (string)json["model_name"]!, (string)json["model_version"]!, (float)json["outputs"]![0]!["data"]![0]!);
            await pace.WaitForNextTickAsync();
        }
    }

    private void Check(string way, ModelInferResponse answer, int i) =>
        Check(way, i, answer.Id, answer.ModelName, answer.ModelVersion, MemoryMarshal.Read<float>(answer.RawOutputContents[0].Span));

    private void Check(string way, int i, string id, string model, string version, float y)
    {
        _answers.AddOrUpdate($"{way} {model}/{version}", 1, (_, count) => count + 1);
        if (id != $"{i}" || model != ModelOf(i) || y != X(i) * int.Parse(version, null)) _failures.Enqueue($"{way}: {model}/{version} made {y} of {X(i)} for {id} instead of {i}");
    }

    private string ModelOf(int i) => _models[i % _models.Length];

    // Never 0, which every version makes the same of.
    private static float X(int i) => i % 1000 + 1;

    private ModelInferRequest Request(int i) => new()
    {
        ModelName = ModelOf(i),
        Id = $"{i}",
        Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "FP32", Shape = { 1, 2 } } },
        RawInputContents = { ByteString.CopyFrom(MemoryMarshal.AsBytes<float>([X(i), X(i)])) },
    };
}
