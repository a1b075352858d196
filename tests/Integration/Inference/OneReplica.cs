using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>A replica and the container from which it serves; the test plays ModelSync.</summary>
public abstract class OneReplica(Azurite azurite) : IAsyncDisposable
{
    private protected Storage Storage { get; } = azurite.NewStorage();

    private readonly List<InferenceApp> _apps = [];

    private protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private protected RepositoryContainer Repository => field ??= new RepositoryContainer(Storage.Container);

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var app in _apps) await app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected InferenceApp Start(params (string, string)[] settings) => Start(null, settings);

    private protected InferenceApp Start(Action<IServiceCollection>? services, params (string, string)[] settings)
    {
        var app = new InferenceApp(Storage.ConnectionString, settings) { ChangeServices = services };
        _apps.Add(app);
        return app;
    }

    private protected static ModelId Id(int version) => new(ModelName.Parse("m"), new ModelVersion(version));

    private protected static Dictionary<string, byte[]> Files(byte[] model) => new() { ["model.onnx"] = model };

    /// <summary>Version n multiplies by n: an answer that mixes versions gives itself away.</summary>
    private protected Task<DesiredVersion> PublishTimesAsync(int version) => Repository.PublishAsync(Id(version), Files(OnnxModels.Times(version)));

    private protected static ReplicaAck Said(InferenceApp app, int version) => app.Acks.Single(ack => ack.Version.Number == version);

    private protected static Task ReadyAsync(HttpClient client) =>
        Eventually.IsTrueAsync("the replica is ready", async () => (await client.GetAsync("/v2/health/ready", Cancelled)).IsSuccessStatusCode);

    private protected static Task AnswersAsync(HttpClient client, string version) =>
        Eventually.IsTrueAsync($"version {version} answers", async () => (await InferAsync(client, 1)).Version == version);

    private protected static async Task<(string? Version, float First)> InferAsync(HttpClient client, float x)
    {
        using var answer = await client.PostAsJsonAsync(
            "/v2/models/m/infer", new { inputs = new[] { new { name = "x", shape = new[] { 1, 2 }, datatype = "FP32", data = new[] { x, x } } } }, Cancelled);
        answer.EnsureSuccessStatusCode();
        var json = await InferenceApp.JsonOf(answer);
        return ((string?)json["model_version"], (float)json["outputs"]![0]!["data"]![0]!);
    }
}
