using Azure.Storage.Blobs;
using ModelPlatform.Tests.Deployment.Kubernetes;

namespace ModelPlatform.Tests.Deployment.Running;

/// <summary>Settings that are as the schemas want them may still be none that the services start with.</summary>
public sealed class PodTests(Azurite azurite) : IClassFixture<Azurite>, IDisposable
{
    private const string Key = "a-key-of-this-test";

    private readonly DirectoryInfo _cache = Directory.CreateTempSubdirectory("pod-cache-");
    private readonly int _syncPort = FreePort.Next();
    private readonly int _apiPort = FreePort.Next();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Overlays => Kustomize.Overlays;

    public void Dispose() => _cache.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Both_services_do_their_work_with_what_the_overlay_tells_them(string overlay)
    {
        var storage = azurite.NewStorage();
        await storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        using var sync = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_syncPort}") };
        using var api = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_apiPort}") };
        await PublishAsync(storage);
        await using var syncPod = new Pod(overlay, "model-sync", "ModelSync", "ModelPlatform.Sync", Here(storage, [new("HTTP_PORTS", $"{_syncPort}")])).Start();
        await using var apiPod = new Pod(overlay, "inference-api", "Inference.Api", "ModelPlatform.Inference", Here(storage,
        [
            new("Kestrel__Endpoints__http__Url", $"http://*:{_apiPort}"), new("Kestrel__Endpoints__grpc__Url", $"http://*:{FreePort.Next()}"),
            new("services__model-sync__http__0", sync.BaseAddress!.OriginalString), new("MODEL_SYNC_HTTP", sync.BaseAddress.OriginalString),
            new("Replica__Host", "127.0.0.1"), new("Cache__Directory", _cache.FullName),
        ])).Start();

        foreach (var probe in new[] { "startupProbe", "readinessProbe", "livenessProbe" })
        {
            await Eventually.IsTrueAsync($"{probe} of model-sync passes\n{syncPod.Output}", () => syncPod.PassesAsync(sync, probe));
            await Eventually.IsTrueAsync($"{probe} of inference-api passes\n{apiPod.Output}", () => apiPod.PassesAsync(api, probe));
        }
        using (var picture = new StreamContent(File.OpenRead(RepositoryRoot.Combine("samples", "fashion", "images", "sneaker.png"))))
        {
            picture.Headers.ContentType = new("image/png");
            using var answer = await api.PostAsync(new Uri("/v2/models/fashion/classify", UriKind.Relative), picture, Cancelled);
            Assert.Contains("Sneaker", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }
        Assert.Contains("pod-1", await sync.GetStringAsync(new Uri("/v1/replicas", UriKind.Relative), Cancelled), StringComparison.Ordinal);

        var codes = await Task.WhenAll(apiPod.StopAsync(), syncPod.StopAsync());
        Assert.Equal([0, 0], codes);
    }

    [Fact]
    public void The_emulator_is_looked_for_where_its_service_is()
    {
        var service = Kustomize.Single(Kustomize.Local, "Service", "storage");
        foreach (var name in new[] { "inference-api", "model-sync" })
        {
            var told = Settings.Of(Kustomize.Local, Kustomize.Single(Kustomize.Local, "Deployment", name))["ConnectionStrings__models"]!;
            var account = new System.Data.Common.DbConnectionStringBuilder { ConnectionString = told }["Endpoint"].ToString();
            Assert.Equal($"http://{service.Name}:{service.Find("spec.ports.0.port")}/devstoreaccount1", new BlobServiceClient(account).Uri.OriginalString);
        }
    }

    private static Dictionary<string, string> Here(Storage storage, IEnumerable<KeyValuePair<string, string>> addresses) => new(addresses)
    {
        ["POD_NAME"] = "pod-1",
        ["Platform__Key"] = Key,
        ["ConnectionStrings__models"] = storage.ConnectionString,
        ["Drain__Pause"] = "00:00:00",
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "",
    };

    private static async Task PublishAsync(Storage storage)
    {
        await using var publish = ProcessGroup.Start(RepositoryRoot.Combine("artifacts", "bin", "ModelCtl", "debug", "modelctl"),
            ["publish", RepositoryRoot.Combine("samples", "fashion", "1"), "--model", "fashion", "--version", "1", "--connection", storage.ConnectionString]);
        await publish.WaitAsync(Cancelled);
        Assert.True(publish.ExitCode == 0, publish.Output);
    }
}
