using System.Text;
using Azure.Messaging;
using Azure.Messaging.EventGrid;
using Microsoft.Extensions.DependencyInjection;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Integration.Inference;

namespace ModelPlatform.Tests.Integration.Sync.Events;

/// <summary>A ModelSync that would list once an hour, and somebody who plays Event Grid, with Azure's own types of events.</summary>
internal sealed class EventHost : IAsyncDisposable
{
    private const string Lists = "modelplatform.sync.list.calls purpose=repository";

    private readonly SyncHost _sync;
    private readonly MeterSums _sums;
    private readonly string _container;

    private EventHost(SyncHost sync, string container)
    {
        (_sync, _container) = (sync, container);
        _sums = new MeterSums(sync.Services, "ModelPlatform.Sync");
    }

    public SyncHost Sync => _sync;

    /// <summary>List calls since the host was ready.</summary>
    public double Listings => Sum(Lists);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<EventHost> StartAsync(
        Storage storage, string environment = "Development", Action<IServiceCollection>? services = null, params (string Key, string Value)[] settings)
    {
        await storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        var sync = new SyncHost(storage, environment, services, [("Detection:ListEvery", "01:00:00"), ("Events:Debounce", "00:00:00"), .. settings]);
        await sync.IsHealthyAsync();
        return new EventHost(sync, storage.ContainerName);
    }

    public double Events(string outcome) => Sum($"modelplatform.sync.events outcome={outcome}");

    public double Sum(string key) => double.IsNaN(_sums[key]) ? 0 : _sums[key];

    public Task ListedAsync(double times) => Eventually.IsTrueAsync($"{times} listings", () => Task.FromResult(Listings >= times));

    public EventGridEvent Changed(string blob, string type = "Microsoft.Storage.BlobCreated") =>
        new(SubjectOf(blob), type, "", new { api = "PutBlob", url = "http://127.0.0.1:1/never/asked" });

    public CloudEvent CloudChanged(string blob) => new("/subscriptions/s", "Microsoft.Storage.BlobCreated", new { api = "PutBlob" }) { Subject = SubjectOf(blob) };

    public Task<HttpResponseMessage> PostAsync(params EventGridEvent[] events) => PostAsync(BinaryData.FromObjectAsJson(events).ToString());

    public Task<HttpResponseMessage> PostAsync(string body, string mediaType = "application/json", string? key = SyncHost.Key, string query = "") =>
        SendAsync(HttpMethod.Post, key, query, new StringContent(body, Encoding.UTF8, mediaType));

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string? key, string query = "", HttpContent? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, SyncRoutes.Events + query) { Content = body };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        _sync.Client.DefaultRequestHeaders.Authorization = key is null ? null : new("Bearer", key);
        return await _sync.Client.SendAsync(request, Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        _sums.Dispose();
        await _sync.DisposeAsync();
    }

    private string SubjectOf(string blob) => $"/blobServices/default/containers/{_container}/blobs/{blob}";
}
