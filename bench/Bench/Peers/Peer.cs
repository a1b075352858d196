using ModelPlatform.Bench.Hosting;
using ModelPlatform.Bench.Load;
using ModelPlatform.Bench.Models;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Bench.Peers;

/// <summary>What people would write instead; each takes a picture at /classify and answers with the five best classes.</summary>
internal sealed record Peer(string Name, Func<BenchModel, Task<Server>> StartAsync)
{
    public static readonly Peer NodeOne = new("Node, one process", model => NodeAsync("Node, one process", model, threads: 2, workers: 1));
    public static readonly Peer NodeTwo = new("Node, two processes", model => NodeAsync("Node, two processes", model, threads: 1, workers: 2));
    public static readonly Peer Original = new("Flask and PyTorch", OriginalAsync);
    public static readonly Peer Naive = new("naive .NET", NaiveAsync);

    public static HttpCall Classify(Server server, string picture) => HttpCall.Post(server.Port, "/classify", Picture.MediaTypeOf(picture), File.ReadAllBytes(picture));

    private static string In(params string[] parts) => RepositoryRoot.Combine(["bench", "peers", .. parts]);

    private static Task<Server> NodeAsync(string name, BenchModel model, int threads, int workers)
    {
        var port = FreePort.Next();
        return Server.StartAsync(name, port, "node", [In("node", "server.mjs")], new Dictionary<string, string>
        {
            ["NODE_ENV"] = "production",
            ["MODEL"] = model.Onnx,
            ["LABELS"] = model.Labels,
            ["SIDE"] = $"{model.Side}",
            ["CHANNELS"] = $"{model.Channels}",
            ["PORT"] = $"{port}",
            ["THREADS"] = $"{threads}",
            ["WORKERS"] = $"{workers}",
        }, Ready);
    }

    private static Task<Server> OriginalAsync(BenchModel model)
    {
        var port = FreePort.Next();
        var files = Path.Combine(ModelShelf.Folder, "original");
        return Server.StartAsync(Original.Name, port, In("original", "start"), [$"{port}", files], new Dictionary<string, string>
        {
            ["MODEL"] = model.Torch,
            ["FILE"] = model.Onnx,
            ["LABELS"] = model.Labels,
        }, Ready);
    }

    private static Task<Server> NaiveAsync(BenchModel model)
    {
        var port = FreePort.Next();
        var published = RepositoryRoot.Combine("artifacts", "bench", "naive");
        return Server.StartAsync(Naive.Name, port, Path.Combine(published, "ModelPlatform.Bench.Naive"), ["--contentRoot", published], new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["MODEL"] = model.Onnx,
            ["LABELS"] = model.Labels,
            ["SIDE"] = $"{model.Side}",
            ["CHANNELS"] = $"{model.Channels}",
        }, Ready);
    }

    private static async Task<HttpResponseMessage> Ready(HttpClient client) =>
        await Picture.PostAsync(client, "/classify", await File.ReadAllBytesAsync(ModelShelf.SmallPng), "image/png");
}
