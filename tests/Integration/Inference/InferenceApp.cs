using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelPlatform.Inference;
using ModelPlatform.Inference.Reloading;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>One replica in the test's process, on a container of its own, without a ModelSync unless told otherwise.</summary>
internal sealed class InferenceApp : WebApplicationFactory<InferencePipeline>
{
    private readonly string _cache = Directory.CreateTempSubdirectory("cache-").FullName;
    private readonly Dictionary<string, string?> _settings;

    public InferenceApp(string storage, params (string Key, string Value)[] settings)
    {
        _settings = new()
        {
            ["ConnectionStrings:models"] = storage,
            ["Cache:Directory"] = _cache,
            ["Drain:Pause"] = "00:00:00",
            // Not UseKestrel(0): that sets the port from the test's thread, when the server may have been bound already.
            ["Kestrel:Endpoints:http:Url"] = "http://127.0.0.1:0",
            ["Kestrel:Endpoints:grpc:Url"] = "http://127.0.0.1:0",
            ["Reload:ResyncEvery"] = "00:00:01",
            ["Reload:RetryFirst"] = "00:00:00.2",
            ["Reload:RetryMost"] = "00:00:01",
            ["services:model-sync:http:0"] = $"http://127.0.0.1:{FreePort.Next()}",
        };
        foreach (var (key, value) in settings) _settings[key] = value;
    }

    public string Environment { get; init; } = "Development";

    public Action<IServiceCollection>? ChangeServices { get; init; }

    public string CacheFolder => _cache;

    public IReadOnlyList<ModelPlatform.Repository.State.ReplicaAck> Acks =>
        [.. Services.GetRequiredService<AckOutbox>().Pending().Select(pending => pending.Ack)];

    public CollectedLogs Logs { get; } = new();

    /// <summary>On a real socket, where the server's own limits hold.</summary>
    public HttpClient StartOnSocket()
    {
        UseKestrel();
        StartServer();
        return CreateClient(new WebApplicationFactoryClientOptions { BaseAddress = new Uri(Services.GetRequiredService<ReplicaIdentity>().Address!) });
    }

    /// <summary>With the endpoints of the configuration, on ports of their own; the channel leads to the one for gRPC.</summary>
    public GrpcChannel StartWithGrpc()
    {
        UseKestrel();
        StartServer();
        return GrpcChannel.ForAddress(Services.GetRequiredService<ReplicaIdentity>().GrpcAddress!, new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null });
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(Environment);
        builder.ConfigureLogging(logging => logging.AddProvider(Logs));
        foreach (var (key, value) in _settings) builder.UseSetting(key, value);
        if (ChangeServices is not null) builder.ConfigureServices(ChangeServices);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Directory.Exists(_cache)) Directory.Delete(_cache, recursive: true);
    }

    public static async Task<JsonNode> JsonOf(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;

    /// <summary>The protocol's form of an error, which gives nothing away.</summary>
    public static async Task IsErrorAsync(HttpStatusCode status, HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == answer.StatusCode, $"{(int)answer.StatusCode}: {text}");
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.False(string.IsNullOrWhiteSpace((string?)(await JsonOf(answer))["error"]), text);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain(".cs", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetTempPath(), text, StringComparison.Ordinal);
    }
}
