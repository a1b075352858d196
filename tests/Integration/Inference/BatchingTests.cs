using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>Requests that share runs, wait for them or find no place.</summary>
public sealed class BatchingTests(Azurite azurite) : OneReplica(azurite)
{
    [Fact]
    public async Task A_full_model_refuses_at_once_without_a_look_at_the_body()
    {
        using var client = await SpinningAsync(("Execution:Concurrency", "1"), ("Execution:MaxWaiting", "0"));
        using var caller = new CancellationTokenSource();
        var running = SpinAsync(client, long.MaxValue, caller.Token);

        await Eventually.IsTrueAsync("no place is left", async () =>
        {
            // It may have met one of those who ask, and was refused.
            if (running.IsCompleted) running = SpinAsync(client, long.MaxValue, caller.Token);
            return await StatusOfNonsenseAsync() == HttpStatusCode.ServiceUnavailable && !running.IsCompleted;
        });
        using var refused = await SpinAsync(client, 1, Cancelled);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        await InferenceApp.IsErrorAsync(HttpStatusCode.ServiceUnavailable, refused);

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Eventually.IsTrueAsync("the place is free", async () => await StatusOfNonsenseAsync() == HttpStatusCode.BadRequest);
        using var served = await SpinAsync(client, 1, Cancelled);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);

        async Task<HttpStatusCode> StatusOfNonsenseAsync()
        {
            using var answer = await client.PostAsync("/v2/models/m/infer", new StringContent("{"), Cancelled);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_deadline_that_passes_in_the_queue_ends_the_wait()
    {
        using var client = await SpinningAsync(("Execution:Concurrency", "1"), ("Limits:Deadline", "00:00:00.5"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => SpinAsync(client, long.MaxValue, Cancelled)));
        foreach (var answer in answers)
        {
            await InferenceApp.IsErrorAsync(HttpStatusCode.GatewayTimeout, answer);
            answer.Dispose();
        }
        using var next = await SpinAsync(client, 1, Cancelled);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task Everybody_in_a_batch_gets_his_own_answer()
    {
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(await PublishTimesAsync(3))));
        using var client = Start(("Batching:MaxDelay", "00:00:00.01"), ("Batching:MaxRows", "8")).CreateClient();
        await ReadyAsync(client);

        await Task.WhenAll(Enumerable.Range(1, 200).Select(async number =>
        {
            var rows = number % 5 + 1;
            float[] sent = [.. Enumerable.Range(0, 2 * rows).Select(i => number + i / 100f)];
            using var answer = await client.PostAsJsonAsync(
                "/v2/models/m/infer", new { inputs = new[] { new { name = "x", shape = new[] { rows, 2 }, datatype = "FP32", data = sent } } }, Cancelled);
            var output = (await InferenceApp.JsonOf(answer))["outputs"]![0]!;
            Assert.Equal([rows, 2], output["shape"]!.AsArray().Select(length => (int)length!));
            Assert.Equal(sent.Select(x => x * 3), output["data"]!.AsArray().Select(y => (float)y!));
        }));
    }

    [Fact]
    public async Task Many_pictures_of_one_request_are_answered_in_their_order()
    {
        var fashion = new ModelId(ModelName.Parse("fashion"), new ModelVersion(2));
        await Repository.WantAsync(1, ("fashion", RepositoryContainer.Model(await Repository.PublishFolderAsync(fashion, RepositoryRoot.Combine("samples", "fashion", "2")))));
        using var client = Start(("Batching:MaxRows", "3")).CreateClient();
        await ReadyAsync(client);
        var pictures = Directory.GetFiles(RepositoryRoot.Combine("samples", "fashion", "images"), "*.png").Order().Select(file => Convert.ToBase64String(File.ReadAllBytes(file))).ToList();
        var alone = new List<string>();
        foreach (var picture in pictures) alone.AddRange(await LabelsAsync(picture));
        Assert.True(alone.Distinct().Count() > 2);

        string[] many = [.. Enumerable.Range(0, 64).Select(i => pictures[i * 7 % pictures.Count])];
        Assert.Equal(many.Select(picture => alone[pictures.IndexOf(picture)]), await LabelsAsync(many));

        using var bad = await ScoreAsync([.. many[..40], Convert.ToBase64String([1, 2, 3]), .. many[..20]]);
        await InferenceApp.IsErrorAsync(HttpStatusCode.BadRequest, bad);

        async Task<IReadOnlyList<string>> LabelsAsync(params string[] sent)
        {
            using var answer = await ScoreAsync(sent);
            return [.. (await InferenceApp.JsonOf(answer))["result"]![0]!.AsArray().Select(picture => (string)picture![0]![0]!)];
        }

        Task<HttpResponseMessage> ScoreAsync(string[] sent) =>
            client.PostAsJsonAsync("/score", new { input = new JsonArray([.. sent.Select(picture => (JsonNode)picture)]).ToJsonString() }, Cancelled);
    }

    private async Task<HttpClient> SpinningAsync(params (string, string)[] settings)
    {
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(await Repository.PublishAsync(Id(1), Files(OnnxModels.Spin())))));
        var client = Start(settings).StartOnSocket();
        await ReadyAsync(client);
        return client;
    }

    private static Task<HttpResponseMessage> SpinAsync(HttpClient client, long rounds, CancellationToken caller) => client.PostAsJsonAsync(
        "/v2/models/m/infer", new { inputs = new[] { new { name = "rounds", shape = new[] { 1 }, datatype = "INT64", data = new[] { rounds } } } }, caller);
}
