using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync;

namespace ModelPlatform.Tests.Integration.Sync;

/// <summary>ModelSync as it is, on a real socket and real storage, looking five times a second.</summary>
internal sealed class SyncHost : WebApplicationFactory<Reconciler>
{
    public const string Key = "integration-tests";

    private readonly Storage _storage;
    private readonly string _environment;
    private readonly Action<IServiceCollection>? _services;
    private readonly (string Key, string Value)[] _settings;

    public SyncHost(Storage storage, string environment = "Development", Action<IServiceCollection>? services = null, params (string Key, string Value)[] settings)
    {
        (_storage, _environment, _services, _settings) = (storage, environment, services, settings);
        // Not UseKestrel(0): that sets the port from this thread, while Program.cs may have started the server on its own.
        UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        StartServer();
        Client = NewClient(new UntilItLeads());
    }

    /// <summary>With the platform key. What only a leader answers waits until this instance is it.</summary>
    public HttpClient Client { get; }

    public CollectedLogs Logs { get; } = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>With the platform key.</summary>
    public HttpClient NewClient(params DelegatingHandler[] handlers)
    {
        var client = CreateDefaultClient(handlers);
        client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        return client;
    }

    public async Task<DesiredState?> StateAsync()
    {
        using var answer = await Client.GetAsync(SyncRoutes.State, Cancelled);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : DesiredState.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(Cancelled));
    }

    public Task<DesiredState> StateAsync(string what, Predicate<DesiredState> wanted) =>
        Eventually.GetAsync(what, async () => await StateAsync() is { } state && wanted(state) ? state : null);

    public async Task<JsonNode> ReportAsync(string path = "/health") =>
        JsonNode.Parse(await (await Client.GetAsync(new Uri(path, UriKind.Relative), Cancelled)).Content.ReadAsStreamAsync(Cancelled))!;

    public Task<JsonNode> ReportAsync(string what, Predicate<JsonNode> wanted) =>
        Eventually.GetAsync(what, async () => await ReportAsync() is var report && wanted(report) ? report : null);

    public async Task<string> HealthAsync() => (string)(await ReportAsync())["status"]!;

    public Task IsHealthyAsync() => Eventually.IsTrueAsync("healthy", async () => await HealthAsync() == "Healthy");

    public async Task<IReadOnlyList<ReplicaStatus>> ReplicasAsync() =>
        (await Client.GetFromJsonAsync(SyncRoutes.Replicas, RepositoryJson.Default.IReadOnlyListReplicaStatus, Cancelled))!;

    public Task<HttpResponseMessage> AcknowledgeAsync(string replica, ReplicaAck ack) =>
        AcknowledgeAsync(replica, JsonSerializer.Serialize(ack, RepositoryJson.Default.ReplicaAck));

    public Task<HttpResponseMessage> AcknowledgeAsync(string replica, string json) =>
        Client.PostAsync(new Uri(SyncRoutes.AcksOf(replica), UriKind.Relative), new StringContent(json, Encoding.UTF8, "application/json"), Cancelled);

    public IAsyncEnumerable<SseItem<string>> WatchAsync(string replica, long generation = 0, string address = "http://127.0.0.1:5080") =>
        EventsAsync($"?replica={replica}&address={Uri.EscapeDataString(address)}&pid=7&generation={generation}", Cancelled);

    public async IAsyncEnumerable<SseItem<string>> EventsAsync(string query, [EnumeratorCancellation] CancellationToken ended)
    {
        await using var stream = await Client.GetStreamAsync(new Uri(SyncRoutes.Watch + query, UriKind.Relative), ended);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(ended)) yield return item;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(_environment);
        builder.UseSetting("ConnectionStrings:models", _storage.ConnectionString);
        builder.UseSetting("Platform:Key", Key);
        builder.UseSetting("Detection:ListEvery", "00:00:00.2");
        builder.UseSetting("Detection:Jitter", "00:00:00");
        builder.UseSetting("Health:AskEvery", "00:00:00.1");
        builder.UseSetting("Replicas:Grace", "00:00:03");
        builder.UseSetting("Rollouts:Settle", "00:00:00");
        builder.UseSetting("Rollouts:LookEvery", "00:00:00.1");
        // In Development all have one name, since there is one of them.
        builder.UseSetting("Leader:Instance", $"{Guid.NewGuid()}");
        foreach (var (key, value) in _settings) builder.UseSetting(key, value);
        builder.ConfigureLogging(logging => logging.AddProvider(Logs));
        builder.ConfigureServices(WithoutTheHealthPagesLoop);
        if (_services is not null) builder.ConfigureServices(_services);
    }
    // It keeps what it knows of its targets, their addresses too, for the whole process: hosts would disturb each other.
    private static void WithoutTheHealthPagesLoop(IServiceCollection services)
    {
        foreach (var loop in services.Where(service => service.ImplementationType?.Namespace == "HealthChecks.UI.Core.HostedService" && service.ServiceType == typeof(IHostedService)).ToList())
            services.Remove(loop);
    }
}
