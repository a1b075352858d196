using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using ModelPlatform.Bench.Load;
using ModelPlatform.Bench.Models;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Bench.Hosting;

/// <summary>Ours, as in production: storage, ModelSync and one replica, each a process of its own; models come by modelctl.</summary>
internal sealed class Platform : IAsyncDisposable
{
    public const string Name = "ModelPlatform";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _cache = Directory.CreateTempSubdirectory("bench-cache-").FullName;
    private readonly int _grpcPort = FreePort.Next();
    private readonly int _syncPort = FreePort.Next();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly EmulatedStorage _storage;
    private Server? _sync;
    private Server? _replica;

    private Platform(EmulatedStorage storage) => _storage = storage;

    public Server Replica => _replica!;

    /// <param name="models">The first version of each is served when this returns.</param>
    public static async Task<Platform> StartAsync(params BenchModel[] models)
    {
        var platform = new Platform(await EmulatedStorage.StartAsync());
        try
        {
            foreach (var model in models) await platform.PublishAsync(model);
            await platform.StartSyncAsync();
            await platform.StartReplicaAsync();
            foreach (var model in models) await platform.ServesAsync(model.Name, 1);
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    public HttpCall Classify(string model, string picture) =>
        HttpCall.Post(Replica.Port, $"/v2/models/{model}/classify", Picture.MediaTypeOf(picture), File.ReadAllBytes(picture));

    public async Task<HttpCall> BinaryTensorAsync(BenchModel model) => TensorCalls.Binary(Replica.Port, model, await InputOfAsync(model));

    public async Task<HttpCall> JsonTensorAsync(BenchModel model) => TensorCalls.Json(Replica.Port, model, await InputOfAsync(model));

    public async Task<GrpcLoad> GrpcTensorAsync(BenchModel model) => new(_grpcPort, model, await InputOfAsync(model));

    public async Task PublishAsync(BenchModel model, int version = 1)
    {
        await using var modelctl = ProcessGroup.Start(
            "dotnet", [RepositoryRoot.Combine("artifacts", "bin", "ModelCtl", "release", "modelctl.dll"), "publish", model.Folder, "--model", model.Name, "--version", $"{version}"],
            new Dictionary<string, string> { ["ConnectionStrings__models"] = _storage.Connection });
        await modelctl.WaitAsync(CancellationToken.None);
        if (modelctl.ExitCode != 0) throw new InvalidOperationException($"modelctl publish failed:\n{modelctl.Output}");
    }

    /// <summary>Chooses one of several published versions: the quickest way to make the replica load one.</summary>
    public async Task ChooseAsync(string model, int version) =>
        await _storage.Blobs.GetBlobClient($"{model}/serving.json").UploadAsync(BinaryData.FromString($$"""{ "versions": { "only": [{{version}}] } }"""), overwrite: true);

    public async Task ServesAsync(string model, int version)
    {
        var waiting = Stopwatch.GetTimestamp();
        while (!await IsServedAsync(model, version))
        {
            if (Stopwatch.GetElapsedTime(waiting) > Patience) throw new InvalidOperationException($"{model} {version} is not served.");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    public async Task RestartReplicaAsync(BenchModel first)
    {
        await Replica.DisposeAsync();
        var picture = await File.ReadAllBytesAsync(ModelShelf.SmallPng);
        await StartReplicaAsync(client => Picture.PostAsync(client, $"/v2/models/{first.Name}/classify", picture, "image/png"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_replica is not null) await _replica.DisposeAsync();
        if (_sync is not null) await _sync.DisposeAsync();
        await _storage.DisposeAsync();
        _client.Dispose();
        Directory.Delete(_cache, recursive: true);
    }

    private async Task StartSyncAsync() => _sync = await OurService.SyncAsync(_storage, _syncPort, new()
    {
        // Changes are part of no measurement, only of the wait for them.
        ["Detection__ListEvery"] = "00:00:00.2",
        ["Detection__Jitter"] = "00:00:00",
    });

    private async Task StartReplicaAsync(Func<HttpClient, Task<HttpResponseMessage>>? ready = null) => _replica = await OurService.ReplicaAsync(
        _storage, _syncPort, _cache, new() { ["Kestrel__Endpoints__grpc__Url"] = $"http://127.0.0.1:{_grpcPort}" }, ready);

    private async Task<string> InputOfAsync(BenchModel model)
    {
        var metadata = await _client.GetFromJsonAsync<JsonNode>(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Replica.Port}/v2/models/{model.Name}")));
        return (string)metadata!["inputs"]![0]!["name"]!;
    }

    private async Task<bool> IsServedAsync(string model, int version)
    {
        using var answer = await _client.GetAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Replica.Port}/v2/models/{model}/versions/{version}/ready")));
        return answer.IsSuccessStatusCode;
    }
}
