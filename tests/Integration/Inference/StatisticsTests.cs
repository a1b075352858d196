using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>The extension for statistics: what it promises holds while requests are answered, batched, failed and given up.</summary>
public sealed class StatisticsTests(Azurite azurite) : OneReplica(azurite)
{
    [Fact]
    public async Task A_version_that_was_never_asked_has_counted_nothing_and_says_all()
    {
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(await PublishTimesAsync(3))));
        using var client = Start().CreateClient();
        await ReadyAsync(client);
        using var server = await client.GetAsync("/v2", Cancelled);
        Assert.Contains("statistics", (await InferenceApp.JsonOf(server))["extensions"]!.AsArray().Select(name => (string?)name));

        const string Nothing = """{"count":0,"ns":0}""";
        var expected = $$"""
            {"model_stats":[{"name":"m","version":"3","last_inference":0,"inference_count":0,"execution_count":0,"inference_stats":{"success":{{Nothing}},"fail":{{Nothing}},"queue":{{Nothing}},"compute_input":{{Nothing}},"compute_infer":{{Nothing}},"compute_output":{{Nothing}},"cache_hit":{{Nothing}},"cache_miss":{{Nothing}}},"response_stats":{},"batch_stats":[],"memory_usage":[]}]}
            """;
        foreach (var path in new[] { "/v2/models/stats", "/v2/models/m/stats", "/v2/models/m/versions/3/stats" })
            Assert.Equal(expected, await client.GetStringAsync(path, Cancelled));
        foreach (var path in new[] { "/v2/models/n/stats", "/v2/models/m/versions/2/stats" })
        {
            using var unknown = await client.GetAsync(path, Cancelled);
            await InferenceApp.IsErrorAsync(HttpStatusCode.NotFound, unknown);
        }
    }

    [Fact]
    public async Task Every_reading_under_load_is_sound_and_the_last_one_counts_what_was_answered()
    {
        await Repository.WantAsync(1, ("p", await ModelAsync("p", OnnxModels.Product())), ("s", await ModelAsync("s", OnnxModels.Spin())));
        using var client = Start(("Batching:MaxDelay", "00:00:00.002"), ("Batching:MaxRows", "8")).StartOnSocket();
        await ReadyAsync(client);
        using var impatient = new CancellationTokenSource();
        var given = Enumerable.Range(0, 6).Select(_ => SendAsync("s", impatient.Token, ("rounds", "INT64", [long.MaxValue]))).ToList();

        // Every sixth does not go together: it has a run to itself, which fails.
        var load = Enumerable.Range(0, 8).Select(sender => Task.Run(async () =>
        {
            for (var i = 0; i < 60; i++)
            {
                long[] sent = [.. Enumerable.Repeat(2L, i % 3 + 2)];
                using var answer = await SendAsync("p", Cancelled, ("a", "FP32", sent), ("b", "FP32", i % 6 == 5 ? sent[1..] : sent));
                Assert.Equal(i % 6 == 5 ? HttpStatusCode.BadRequest : HttpStatusCode.OK, answer.StatusCode);
            }
        }, Cancelled)).ToList();
        var (before, readings) = (await ReadAsync("p"), 0);
        while (load.Exists(sender => !sender.IsCompleted))
        {
            var now = await ReadAsync("p");
            IsSound(now);
            foreach (var (earlier, later) in Numbers(before).Zip(Numbers(now))) Assert.InRange(later, earlier, long.MaxValue);
            (before, readings) = (now, readings + 1);
        }
        await Task.WhenAll(load);
        await impatient.CancelAsync();
        foreach (var call in given) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        var end = await ReadAsync("p");
        IsSound(end);
        Assert.Equal((400, 80), (Count(end, "success"), Count(end, "fail")));
        Assert.Equal(8 * (20 * 2 + 20 * 3 + 10 * 4), (long)end["inference_count"]!);
        Assert.InRange((long)end["execution_count"]!, 1, 400);
        await Eventually.IsTrueAsync("those who gave up are counted", async () => Count(await ReadAsync("s"), "fail") == 6);
        Assert.Equal(0, Count(await ReadAsync("s"), "success"));
        TestContext.Current.TestOutputHelper!.WriteLine($"{readings} readings; batches {end["batch_stats"]!.AsArray().Count}, executions {end["execution_count"]}");

        async Task<HttpResponseMessage> SendAsync(string model, CancellationToken caller, params (string Name, string Type, long[] Data)[] inputs) => await client.PostAsJsonAsync(
            $"/v2/models/{model}/infer",
            new { inputs = inputs.Select(input => new { name = input.Name, shape = new[] { input.Data.Length }, datatype = input.Type, data = input.Data }) }, caller);

        async Task<JsonNode> ReadAsync(string model)
        {
            using var answer = await client.GetAsync($"/v2/models/{model}/stats", Cancelled);
            return Assert.Single((await InferenceApp.JsonOf(answer))["model_stats"]!.AsArray())!;
        }
    }

    private async Task<DesiredModel> ModelAsync(string name, byte[] graph) =>
        RepositoryContainer.Model(await Repository.PublishAsync(new ModelId(ModelName.Parse(name), new ModelVersion(1)), Files(graph)));

    private static void IsSound(JsonNode read)
    {
        var batches = read["batch_stats"]!.AsArray();
        Assert.Equal((long)read["execution_count"]!, batches.Sum(batch => (long)batch!["compute_infer"]!["count"]!));
        Assert.Equal((long)read["inference_count"]!, batches.Sum(batch => (long)batch!["batch_size"]! * (long)batch["compute_infer"]!["count"]!));
        Assert.InRange(Count(read, "success"), 0, (long)read["inference_count"]!);
        Assert.InRange(
            new[] { "queue", "compute_input", "compute_infer", "compute_output" }.Sum(part => (long)read["inference_stats"]![part]!["ns"]!),
            0, (long)read["inference_stats"]!["success"]!["ns"]!);
    }

    private static long Count(JsonNode read, string what) => (long)read["inference_stats"]![what]!["count"]!;

    private static IEnumerable<long> Numbers(JsonNode read) => read["inference_stats"]!.AsObject()
        .SelectMany(stat => new[] { (long)stat.Value!["count"]!, (long)stat.Value!["ns"]! })
        .Concat([(long)read["inference_count"]!, (long)read["execution_count"]!, (long)read["last_inference"]!]);
}
