using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>What Prometheus gets of a replica.</summary>
public sealed partial class ScrapeTests(Azurite azurite) : OneReplica(azurite)
{
    [Fact]
    public async Task A_scrape_after_one_request_has_our_metrics_with_their_units_and_labels()
    {
        // Meters are found by name, those of other tests' replicas too: only the model tells ours.
        await Repository.WantAsync(1, ("scraped", RepositoryContainer.Model(await Repository.PublishAsync(new ModelId(ModelName.Parse("scraped"), new ModelVersion(1)), Files(OnnxModels.Times(2))))));
        var app = Start(("Metrics:Prometheus", "true"));
        using var client = app.CreateClient();
        await ReadyAsync(client);
        using var scored = await client.PostAsJsonAsync(
            "/v2/models/scraped/infer", new { inputs = new[] { new { name = "x", shape = new[] { 1, 2 }, datatype = "FP32", data = new[] { 1, 2 } } } }, Cancelled);
        scored.EnsureSuccessStatusCode();

        using var answer = await client.GetAsync("/metrics", Cancelled);
        var scrape = await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Cancelled);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("# TYPE modelplatform_inference_request_duration_seconds histogram", scrape, StringComparison.Ordinal);
        Assert.Equal("1", ValueOf("modelplatform_inference_request_duration_seconds_count", "model_name=\"scraped\"", "outcome=\"ok\""));
        Assert.Equal("1", ValueOf("modelplatform_inference_batch_rows_sum", "model_name=\"scraped\""));
        // What aspire-manifest/overlays/keda asks for.
        Assert.Equal("0", ValueOf("modelplatform_inference_queue_depth", "model_name=\"scraped\""));
        Assert.Contains("# TYPE http_server_active_requests gauge", scrape, StringComparison.Ordinal);
        Assert.Empty(app.Logs.Warnings);

        string? ValueOf(string metric, params string[] labels) => Sample().Matches(scrape)
            .Where(line => line.Groups["metric"].Value == metric && labels.All(label => line.Groups["labels"].Value.Split(',').Contains(label)))
            .Select(line => line.Groups["value"].Value)
            .SingleOrDefault();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("false")]
    public async Task Nothing_answers_there_unless_it_is_turned_on(string? setting)
    {
        var app = Start(setting is null ? [] : [("Metrics:Prometheus", setting)]);
        using var client = app.CreateClient();
        using var answer = await client.GetAsync("/metrics", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [GeneratedRegex(@"^(?<metric>\w+)\{(?<labels>.*)\} (?<value>\S+)", RegexOptions.Multiline)]
    private static partial Regex Sample();
}
