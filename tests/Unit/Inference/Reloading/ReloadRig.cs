using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Batching;
using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Images;
using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Reloading;
using ModelPlatform.Inference.Shadowing;
using ModelPlatform.Inference.Telemetry;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Unit.Inference.Reloading;

/// <summary>The reload loop with everything real but the storage, which takes connections and never answers: a version is in the cache, or its download hangs.</summary>
internal sealed class ReloadRig : IAsyncDisposable, IHostApplicationLifetime
{
    public static readonly ModelName Model = ModelName.Parse("m");

    private readonly TcpListener _silent = new(IPAddress.Loopback, 0);
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly ReloadLoop _loop;
    private int _inMemory;
    private long _generation;

    public ReloadRig(TimeProvider? time = null, long cacheBytes = long.MaxValue, ReloadOptions? reloading = null)
    {
        _silent.Start();
        var clock = time ?? TimeProvider.System;
        var container = new BlobContainerClient(new Uri($"http://127.0.0.1:{((IPEndPoint)_silent.LocalEndpoint).Port}/account/models"));
        Feed = new DesiredStateFeed(ReplicaId.Nearest("rig"), clock);
        Acks = new AckOutbox(clock);
        var cached = Options.Create(new CacheOptions { Directory = Folder, MaxBytes = cacheBytes });
        Cache = new VersionCache(cached);
        Readiness = new ReadinessBoard(Options.Create(new ReadinessOptions()), clock, this);
        var factory = _meters.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "modelplatform.inference.versions.resident" && instrument.Meter.Scope == factory) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref _inMemory, (int)count));
        _listener.Start();
        var metrics = new InferenceMetrics(factory, Catalog);
        var preparation = new VersionPreparation(new VersionDownload(container, Cache), Cache, Options.Create(Execution));
        var graphs = new OptimizedGraphs(Cache, cached, NullLogger<OptimizedGraphs>.Instance);
        var options = Options.Create(reloading ?? new ReloadOptions());
        var loader = new VersionLoader(
            graphs, options, Options.Create(Execution), Options.Create(new BatchingOptions()), Options.Create(new ImageOptions()), metrics, clock, NullLogger<BatchRunners>.Instance, NullLogger<VersionLoader>.Instance);
        var switchover = new Switchover(Catalog, Cache, Acks, Feed, clock, NullLogger<Switchover>.Instance);
        var reload = new VersionReload(Feed, Catalog, preparation, loader, switchover, Acks, metrics, options, clock, NullLogger<VersionReload>.Instance);
        Shadows = new Shadows(Catalog, Acks);
        _loop = new ReloadLoop(Feed, Catalog, reload, switchover, Shadows, Acks, Readiness, options, clock, NullLogger<ReloadLoop>.Instance);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("rig-").FullName;

    public DesiredStateFeed Feed { get; }

    public AckOutbox Acks { get; }

    public Shadows Shadows { get; }

    public VersionCache Cache { get; }

    public ReadinessBoard Readiness { get; }

    public ModelCatalog Catalog { get; } = new();

    public ExecutionOptions Execution { get; } = new();

    public string? Traceparent { get; set; }

    public Transition Transition { get; set; }

    /// <summary>Versions that take memory, whatever for.</summary>
    public int InMemory => Volatile.Read(ref _inMemory);

    public Task? Running => _loop.ExecuteTask;

    public CancellationToken ApplicationStarted => default;

    public CancellationToken ApplicationStopping => default;

    public CancellationToken ApplicationStopped => default;

    public Task StartAsync() => _loop.StartAsync(CancellationToken.None);

    public Task StopAsync(TimeSpan atMost) => _loop.StopAsync(CancellationToken.None).WaitAsync(atMost);

    public long Want(params DesiredVersion[] versions) => Want(versions, []);

    public long Want(DesiredVersion[] versions, DesiredVersion[] fallback)
    {
        var models = new Dictionary<ModelName, DesiredModel> { [Model] = new() { Versions = versions, Fallback = fallback, Transition = Transition } };
        Feed.Offer(new DesiredState { Generation = ++_generation, Published = DateTimeOffset.UnixEpoch, Traceparent = Traceparent, Models = models });
        return _generation;
    }

    /// <summary>A rollout in which this replica has a part.</summary>
    public long Want(DesiredVersion served, DesiredVersion candidate, RolloutPart part)
    {
        var model = new DesiredModel
        {
            Versions = [served],
            Candidate = new Candidate([candidate], 1) { Shadow = new ShadowPlan(Share: 1) },
            Replicas = new Dictionary<ReplicaId, RolloutPart> { [ReplicaId.Nearest("rig")] = part },
        };
        Feed.Offer(new DesiredState { Generation = ++_generation, Published = DateTimeOffset.UnixEpoch, Models = new Dictionary<ModelName, DesiredModel> { [Model] = model } });
        return _generation;
    }

    /// <summary>A version whose download hangs.</summary>
    public static DesiredVersion Unreachable(int version) => VersionOf(version, [], []).Desired;

    /// <summary>A version that lies in the cache already.</summary>
    public DesiredVersion Cached(int version, byte[]? model = null, JsonArray? golden = null, Dictionary<string, byte[]>? more = null)
    {
        var files = new Dictionary<string, byte[]>(more ?? []) { ["model.onnx"] = model ?? OnnxModels.Times(version) };
        var (desired, json) = VersionOf(version, files, golden ?? []);
        var folder = Directory.CreateDirectory(Cache.FolderOf(desired.Identity)).FullName;
        File.WriteAllBytes(Path.Combine(folder, "model.json"), json);
        foreach (var (name, content) in files) File.WriteAllBytes(Path.Combine(folder, name), content);
        return desired;
    }

    public ReplicaAck? Said(int version) => Acks.Pending().Select(pending => pending.Ack).LastOrDefault(ack => ack.Version.Number == version);

    public Task<ReplicaAck> SaysAsync(int version, AckState state, long generation) => Eventually.GetAsync(
        $"version {version} is {state} of generation {generation}",
        () => Task.FromResult(Said(version) is { } ack && ack.State == state && ack.Generation == generation ? ack : null),
        TimeSpan.FromSeconds(30));

    public void StopApplication() { }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.FromSeconds(30));
        _loop.Dispose();
        _silent.Dispose();
        Cache.Dispose();
        _listener.Dispose();
        await _meters.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static (DesiredVersion Desired, byte[] Json) VersionOf(int version, Dictionary<string, byte[]> files, JsonArray golden)
    {
        var id = new ModelId(Model, new ModelVersion(version));
        var listed = files.ToDictionary(file => file.Key, file => (JsonNode?)new JsonObject { ["bytes"] = file.Value.Length, ["sha256"] = Sha256Digest.Of(file.Value).ToString() });
        var json = Encoding.UTF8.GetBytes(new JsonObject { ["golden"] = golden, ["files"] = new JsonObject(listed), ["task"] = null }.ToJsonString() + new string(' ', version));
        var desired = new Dictionary<FilePath, DesiredFile> { [RepositoryLayout.Manifest] = new("\"1\"", json.Length, Sha256Digest.Of(json)) };
        return (new DesiredVersion(id.Version, Identity.OfManifest(json), RepositoryLayout.FolderOf(id), desired), json);
    }
}
