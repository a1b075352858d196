using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.BadInput;

/// <summary>Names that mean something to a path, a URL, a terminal or an eye, in every place where a name can enter.</summary>
[Collection(OnePlatform.Name)]
public sealed class NameTests(BadInputPlatform bad, ITestOutputHelper output)
{
    private const string Key = "Authorization: Bearer development-only\r\n";
    private const string LookAlike = "qu\u0430rters";   // a Cyrillic а

    private static readonly string[] Segments =
        ["..", "%2e%2e", "..%2f..%2fetc%2fpasswd", "%2e%2e%5c", "%00", "quarters%00", "quarters%20", "%zz", "%C0%AE", "%E2%80%AE", Uri.EscapeDataString(LookAlike), "QUARTERS", new('a', 4096), "%2561"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private PlainPlatform Platform => bad.Platform;

    [Fact]
    public async Task Hostile_names_of_blobs_are_reported_and_ignored()
    {
        var (graph, model) = (OnnxModels.Times(1), "model.onnx");
        var manifest = Encoding.UTF8.GetBytes($$"""{ "files": { "model.onnx": { "bytes": {{graph.Length}}, "sha256": "{{Sha256Digest.Of(graph)}}" } } }""");
        string[] folders = ["..%2fevil/1/", "%2e%2e/1/", $"{LookAlike}/1/", "model\u202e/1/", "a b/1/", "steady/01/", "steady/+1/", "steady/\u0661/", "-/1/", "steady/1/golden\\..\\/", new string('n', 900) + "/1/"];
        foreach (var folder in folders)
        {
            await Platform.Repository.UploadAsync(folder + model, graph);
            await Platform.Repository.UploadAsync(folder + "model.json", manifest);
        }
        foreach (var flat in new[] { "..%2fevil.onnx", "%2e%2e.onnx", $"{LookAlike}.onnx", "nul.onnx", "a b.onnx" }) await Platform.Repository.UploadAsync(flat, graph);

        await bad.LookedAtEverythingAsync();
        await NothingButOursIsThereAsync();
        var told = Platform.OutputOf("model-sync");
        foreach (var word in new[] { "..%2fevil", "%2e%2e", "a b", "steady/01", "steady/+1", "nul.onnx" }) Assert.Contains(word, told, StringComparison.Ordinal);
        Assert.DoesNotContain("\u202e", told, StringComparison.Ordinal);
        Assert.DoesNotContain(LookAlike, told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_names_in_a_model_json_are_reported_and_nothing_is_touched()
    {
        const string Fit = """ "files": { "model.onnx": { "bytes": 1, "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" } } """;
        var manifests = new Dictionary<string, string>();
        foreach (var (number, path) in new[] { "../1/model.onnx", "/etc/passwd", "a\\\\b", "%2e%2e/x", "..", "a/../b", "x\\u0000", "\\u0430", new string('p', 4096), "C:x", "nul" }.Index())
        {
            manifests[$"hostile-listed-{number}"] = Fit.Replace("model.onnx", path, StringComparison.Ordinal);
            manifests[$"hostile-labels-{number}"] = $"\"labels\": \"{path}\", {Fit}";
            manifests[$"hostile-picture-{number}"] = $$""" "golden": [ { "image": "{{path}}", "label": "l" } ], {{Fit}} """;
            manifests[$"hostile-input-{number}"] = $$""" "golden": [ { "inputs": { "x": "{{path}}" }, "outputs": { "y": "model.onnx" } } ], {{Fit}} """;
            manifests[$"hostile-output-{number}"] = $$""" "golden": [ { "inputs": { "x": "model.onnx" }, "outputs": { "y": "{{path}}" } } ], {{Fit}} """;
        }
        foreach (var (name, content) in manifests)
        {
            await Platform.Repository.UploadAsync($"{name}/1/model.onnx", [1]);
            await Platform.Repository.UploadAsync($"{name}/1/model.json", Encoding.UTF8.GetBytes($"{{ {content} }}"));
        }

        await bad.LookedAtEverythingAsync();
        await NothingButOursIsThereAsync();
        var told = Platform.OutputOf("model-sync");
        foreach (var name in manifests.Keys) Assert.Contains($"{name}/1", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_names_in_a_url_are_refused_by_every_endpoint()
    {
        var slowest = TimeSpan.Zero;
        foreach (var segment in Segments)
        {
            foreach (var path in new[] { $"/v2/models/{segment}", $"/v2/models/{segment}/ready", $"/v2/models/{segment}/versions/{segment}", $"/v2/models/quarters/versions/{segment}", $"/{segment}/x" })
                await RefusedAsync(Platform.AddressOf("a"), "GET", path);
            foreach (var version in new[] { "", $"/versions/{segment}" })
            {
                await RefusedAsync(Platform.AddressOf("a"), "POST", $"/v2/models/{segment}{version}/infer", "Content-Type: application/json\r\n", """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""");
                await RefusedAsync(Platform.AddressOf("a"), "POST", $"/v2/models/{segment}{version}/classify", "Content-Type: image/png\r\n", "x");
            }
            await RefusedAsync(Platform.Sync, "GET", $"/v1/state/{segment}/x");
        }
        output.WriteLine($"The slowest refusal took {slowest.TotalMilliseconds:0} ms.");
        await NothingButOursIsThereAsync();

        async Task RefusedAsync(Uri server, string method, string path, string headers = "", string body = "")
        {
            // It names something else, as every URL with dots does.
            if (path.EndsWith("..", StringComparison.Ordinal) || path.EndsWith("%2e%2e", StringComparison.Ordinal)) return;
            var started = Stopwatch.GetTimestamp();
            var (status, answer) = await RawHttp.SendAsync(server, method, path, headers, body);
            if (Stopwatch.GetElapsedTime(started) is var took && took > slowest) slowest = took;
            Assert.True(status is 400 or 404 or 405 or 414, $"{method} {path}: {answer}");
            Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Hostile_ids_of_replicas_are_refused_with_a_key_and_without()
    {
        var before = await Platform.ReplicasAsync();
        foreach (var id in new[] { "..", "%2e%2e", "%00", "a%00", "%D1%84", "%E2%80%AE", new string('a', 4096), "%0d%0aX:%201" })
        {
            foreach (var headers in new[] { Key, "" })
            {
                var (acked, answer) = await RawHttp.SendAsync(Platform.Sync, "POST", $"/v1/replicas/{id}/acks", headers + "Content-Type: application/json\r\n", ForgedCallTests.Ack());
                Assert.True(acked is 400 or 401 or 404 or 414, $"{id}: {answer}");
                var (watched, refusal) = await RawHttp.SendAsync(Platform.Sync, "GET", $"/v1/state/watch?replica={id}", headers);
                Assert.True(watched == (headers.Length == 0 ? 401 : 400), $"{id}: {refusal}");
            }
        }
        Assert.Equal(before.Select(replica => replica.Id), (await Platform.ReplicasAsync()).Select(replica => replica.Id));
    }

    [Fact]
    public async Task A_hostile_model_for_score_is_answered_as_unknown()
    {
        bad.Start("configured", ("Score__Model", "../../etc/passwd\u202e"));
        await bad.AnswersAsEverAsync("configured");
        using var answer = await Platform.Client.PostAsync(new Uri(Platform.AddressOf("configured"), "/score"), JsonContent.Create(new { input = "[\"AAAA\"]" }), Cancelled);
        var reason = (string?)(await answer.Content.ReadFromJsonAsync<JsonNode>(Cancelled))!["error"];
        output.WriteLine($"{(int)answer.StatusCode}: {reason}");
        Assert.Equal(404, (int)answer.StatusCode);
        Assert.DoesNotContain("\u202e", reason, StringComparison.Ordinal);
        await Platform.KillAsync("configured");
    }

    // Every model that is wanted or reported has a name that the tests of this collection gave it, and the cache holds folders of digests and the mark of its owner only.
    private async Task NothingButOursIsThereAsync()
    {
        var state = DesiredState.Parse(await Platform.Client.GetByteArrayAsync(new Uri(Platform.Sync, SyncRoutes.State), Cancelled));
        var names = state.Models.Keys.Concat((await Platform.ReplicasAsync()).SelectMany(replica => replica.Models.Keys)).Select(name => name.ToString()).ToHashSet();
        Assert.All(names, name => Assert.Matches("^[a-z0-9-]+$", name));
        Assert.DoesNotContain(names, name => name.Contains("evil", StringComparison.Ordinal) || name is "nul" || name.StartsWith("hostile-", StringComparison.Ordinal));
        Assert.All(Directory.GetFileSystemEntries(Platform.CacheOf("a")), entry => Assert.Matches(@"^(\.owner-[0-9a-f]{32}$|(\.tmp-[0-9a-f]{32}-)?[0-9a-f]{64})", Path.GetFileName(entry)));
        Assert.All(Directory.GetDirectories(Path.GetDirectoryName(Platform.CacheOf("a"))!), folder => Assert.Matches("^[a-z-]+$", Path.GetFileName(folder)));
        await bad.AnswersAsEverAsync();
    }
}
