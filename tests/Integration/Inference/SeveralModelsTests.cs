using System.Net;
using System.Net.Http.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>Several models in several versions on one replica: each has its own queue, session and limits.</summary>
public sealed class SeveralModelsTests(Azurite azurite) : OneReplica(azurite)
{
    private long _generation;

    [Fact]
    public async Task Versions_come_and_go_as_the_desired_state_says_and_each_answers_for_itself()
    {
        var (one, two, three) = (await PublishTimesAsync(1), await PublishTimesAsync(2), await PublishTimesAsync(3));
        using var client = Start().CreateClient();

        await ServeAsync(("m", [3]), ("n", [2, 1]));
        await ServeAsync(("m", [3, 2, 1]), ("n", [2]));
        await ServeAsync(("m", [2]), ("n", [3, 1]));

        async Task ServeAsync(params (string Model, int[] Versions)[] wanted)
        {
            DesiredVersion[] all = [one, two, three];
            var models = wanted.Select(model => (model.Model, new DesiredModel { Versions = [.. model.Versions.Select(number => all[number - 1])] }));
            await Repository.WantAsync(++_generation, [.. models]);
            foreach (var (model, versions) in wanted)
            {
                await Eventually.IsTrueAsync($"{model} is served as {string.Join(", ", versions)}", async () =>
                {
                    using var answer = await client.GetAsync($"/v2/models/{model}", Cancelled);
                    return answer.IsSuccessStatusCode && (await InferenceApp.JsonOf(answer))["versions"]!.AsArray().Select(version => (string)version!).SequenceEqual(versions.Select(number => $"{number}"));
                });
                Assert.Equal((HttpStatusCode.OK, 10f * versions[0]), await TimesAsync(client, model, null));
                for (var number = 1; number <= 3; number++)
                {
                    var expected = versions.Contains(number) ? (HttpStatusCode.OK, 10f * number) : (HttpStatusCode.NotFound, 0f);
                    Assert.Equal(expected, await TimesAsync(client, model, number));
                }
            }
        }
    }

    [Fact]
    public async Task A_full_version_leaves_the_others_their_places()
    {
        var (spin, times) = (await Repository.PublishAsync(Id(1), Files(OnnxModels.Spin())), await PublishTimesAsync(2));
        await Repository.WantAsync(1, ("m", new DesiredModel { Versions = [times, spin] }), ("n", RepositoryContainer.Model(times)));
        using var client = Start(("Execution:Concurrency", "1"), ("Execution:MaxWaiting", "0")).StartOnSocket();
        await ReadyAsync(client);
        await Eventually.IsTrueAsync("both versions are served", async () => (await client.GetAsync("/v2/models/m/versions/1/ready", Cancelled)).IsSuccessStatusCode);
        using var caller = new CancellationTokenSource();
        var running = await OccupyAsync(client, caller.Token);

        Assert.Equal((HttpStatusCode.OK, 20f), await TimesAsync(client, "m", 2));
        Assert.Equal((HttpStatusCode.OK, 20f), await TimesAsync(client, "n", null));

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task While_one_model_changes_nobody_who_asks_for_it_or_another_one_fails()
    {
        DesiredVersion[] versions = [await PublishTimesAsync(1), await PublishTimesAsync(2), await PublishTimesAsync(3)];
        await WantAsync(0);
        using var client = Start().CreateClient();
        await ReadyAsync(client);

        using var enough = new CancellationTokenSource();
        var callers = Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Run(() => AskAsync(number % 2 == 0 ? "m" : "n"), Cancelled)));
        for (var step = 1; step <= 6; step++)
        {
            await WantAsync(step % 3);
            await AnswersAsync(client, $"{step % 3 + 1}");
        }
        await enough.CancelAsync();
        await callers;

        Task WantAsync(int index) =>
            Repository.WantAsync(++_generation, ("m", RepositoryContainer.Model(versions[index])), ("n", new DesiredModel { Versions = [versions[1], versions[0]] }));

        async Task AskAsync(string model)
        {
            while (!enough.IsCancellationRequested)
            {
                var (status, times) = await TimesAsync(client, model, null);
                Assert.Equal(HttpStatusCode.OK, status);
                Assert.Contains(times, model == "m" ? [10f, 20f, 30f] : (float[])[20f]);
            }
        }
    }

    [Fact]
    public async Task Where_memory_is_short_requests_in_the_change_are_told_to_come_again()
    {
        DesiredVersion[] versions = [await Repository.PublishAsync(Id(1), Files(OnnxModels.Spin())), await Repository.PublishAsync(Id(2), Files(OnnxModels.Spin()))];
        await WantAsync(0);
        using var client = Start(("Execution:Concurrency", "1"), ("Execution:MaxWaiting", "0")).StartOnSocket();
        await ReadyAsync(client);
        using var caller = new CancellationTokenSource();
        var running = await OccupyAsync(client, caller.Token);

        await WantAsync(1);

        await Eventually.IsTrueAsync("the pause", async () => await ErrorOfSpinAsync() is { } pause && pause.Contains("changing to version 2", StringComparison.Ordinal));
        using var refused = await SpinAsync(client, "", 1, Cancelled);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(1)), (refused.StatusCode, refused.Headers.RetryAfter?.Delta));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v2/health/ready", Cancelled)).StatusCode);

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Eventually.IsTrueAsync("version 2 answers", async () => await ErrorOfSpinAsync() is null);

        async Task<string?> ErrorOfSpinAsync()
        {
            using var answer = await SpinAsync(client, "", 1, Cancelled);
            return answer.IsSuccessStatusCode ? null : (string?)(await InferenceApp.JsonOf(answer))["error"];
        }

        Task WantAsync(int index) => Repository.WantAsync(++_generation, ("m", RepositoryContainer.Model(versions[index]) with { Transition = Transition.Memory }));
    }

    private static async Task<(HttpStatusCode Status, float Times)> TimesAsync(HttpClient client, string model, int? version)
    {
        var path = version is null ? $"/v2/models/{model}/infer" : $"/v2/models/{model}/versions/{version}/infer";
        using var answer = await client.PostAsJsonAsync(path, new { inputs = new[] { new { name = "x", shape = new[] { 1, 2 }, datatype = "FP32", data = new[] { 10f, 10f } } } }, Cancelled);
        return (answer.StatusCode, answer.IsSuccessStatusCode ? (float)(await InferenceApp.JsonOf(answer))["outputs"]![0]!["data"]![0]! : 0);
    }

    /// <summary>A call that has the only place of version 1, and keeps it.</summary>
    private static async Task<Task> OccupyAsync(HttpClient client, CancellationToken caller)
    {
        Task? running = null;
        await Eventually.IsTrueAsync("version 1 is full", async () =>
        {
            // It finds the place taken where the question below comes before it.
            if (running is null or { IsCompleted: true }) running = SpinAsync(client, "/versions/1", long.MaxValue, caller);
            using var other = await SpinAsync(client, "/versions/1", 1, Cancelled);
            return other.StatusCode == HttpStatusCode.ServiceUnavailable;
        });
        return running!;
    }

    private static Task<HttpResponseMessage> SpinAsync(HttpClient client, string version, long rounds, CancellationToken caller) => client.PostAsJsonAsync(
        $"/v2/models/m{version}/infer", new { inputs = new[] { new { name = "rounds", shape = new[] { 1 }, datatype = "INT64", data = new[] { rounds } } } }, caller);
}
