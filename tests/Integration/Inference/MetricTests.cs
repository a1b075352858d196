using System.Net;
using System.Net.Http.Json;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>What a replica measures of its requests and versions, with tags of closed sets.</summary>
public sealed class MetricTests(Azurite azurite) : OneReplica(azurite)
{
    [Fact]
    public async Task Calls_are_timed_by_how_they_ended_and_versions_counted_while_they_are_in_memory()
    {
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(await PublishTimesAsync(1))));
        var app = Start();
        using var client = app.CreateClient();
        using var sums = new MeterSums(app);
        await ReadyAsync(client);

        await InferAsync(client, 1);
        foreach (var (path, status) in new[] { ("m", HttpStatusCode.BadRequest), ("secret-name", HttpStatusCode.NotFound) })
        {
            using var refused = await client.PostAsJsonAsync($"/v2/models/{path}/infer", new { inputs = Array.Empty<int>() }, Cancelled);
            Assert.Equal(status, refused.StatusCode);
        }
        await Repository.WantAsync(2, ("m", RepositoryContainer.Model(await PublishTimesAsync(2))));
        await AnswersAsync(client, "2");
        await Eventually.IsTrueAsync("the first version has left the memory", () => Task.FromResult(sums["modelplatform.inference.versions.resident model.name=m"] == 1));

        Assert.InRange(sums["modelplatform.inference.request.duration model.name=m outcome=ok"], 2, 1000);
        Assert.Equal(1, sums["modelplatform.inference.request.duration model.name=m outcome=invalid_input"]);
        Assert.Equal(1, sums["modelplatform.inference.requests.refused reason=invalid_input"]);
        Assert.Equal(1, sums["modelplatform.inference.requests.refused reason=unknown_model"]);
        Assert.InRange(sums["modelplatform.inference.load.duration model.name=m"], 1, 2);
        Assert.DoesNotContain(sums.Keys, key => key.Contains("secret", StringComparison.Ordinal));
        sums.RecordObservables();
        Assert.Equal(0, sums["modelplatform.inference.requests.active model.name=m"]);
        Assert.Equal(1, sums["modelplatform.inference.models.served"]);
    }
}
