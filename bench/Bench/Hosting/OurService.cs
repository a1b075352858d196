using System.Globalization;
using System.Net.Http.Headers;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Bench.Hosting;

/// <summary>Starts a service of ours as it is published for Release, as in production.</summary>
internal static class OurService
{
    private const string Key = "a-key-for-benchmarks";

    public static AuthenticationHeaderValue Authorization { get; } = new("Bearer", Key);

    public static Task<Server> SyncAsync(EmulatedStorage storage, int port, Dictionary<string, string>? environment = null) =>
        StartAsync(storage, "model-sync", "ModelPlatform.Sync", port, client => client.GetAsync("alive"), environment ?? []);

    public static Task<Server> ReplicaAsync(
        EmulatedStorage storage, int syncPort, string cache, Dictionary<string, string> environment, Func<HttpClient, Task<HttpResponseMessage>>? ready = null)
    {
        environment["services__model-sync__http__0"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{syncPort}");
        environment["Cache__Directory"] = cache;
        environment["ORT_DISABLE_TELEMETRY"] = "1";   // as in the image
        return StartAsync(storage, "inference-api", "ModelPlatform.Inference", FreePort.Next(), ready ?? (client => client.GetAsync("v2/health/ready")), environment);
    }

    private static Task<Server> StartAsync(
        EmulatedStorage storage, string folder, string program, int port, Func<HttpClient, Task<HttpResponseMessage>> ready, Dictionary<string, string> environment)
    {
        environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        environment["Platform__Key"] = Key;
        environment["ConnectionStrings__models"] = storage.Connection;
        environment["Kestrel__Endpoints__http__Url"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        var published = RepositoryRoot.Combine("artifacts", "bench", folder);
        return Server.StartAsync(Platform.Name, port, Path.Combine(published, program), ["--contentRoot", published], environment, ready);
    }
}
