using System.Text;
using System.Text.Json.Nodes;

namespace ModelPlatform.Tests.EndToEnd.Conformance;

/// <summary>Scoring in JSON.</summary>
[Collection(OneConformancePlatform.Name)]
public sealed class InferTests(ConformancePlatform conformance)
{
    [Theory, EachTarget]
    public async Task With_or_without_version_nested_or_flat_the_same_answer_comes(string target)
    {
        var server = conformance.At(target);
        var first = await server.PostAsync(Fashion.Infer, Fashion.Json(conformance.Pixels));
        Assert.Equal(("fashion", "1"), ((string?)first.Json["model_name"], (string?)first.Json["model_version"]));
        Assert.Equal("[1,10]", first.Json["outputs"]![0]!["shape"]!.ToJsonString());
        Assert.False(first.Json.AsObject().ContainsKey("id"));
        var logits = Fashion.Logits(first);
        Assert.Equal(9, Array.IndexOf(logits, logits.Max()));   // an ankle boot
        foreach (var nested in new[] { false, true })
        {
            Assert.Equal(logits, Fashion.Logits(await server.PostAsync("/v2/models/fashion/versions/1/infer", Fashion.Json(conformance.Pixels, nested: nested))));
        }
    }

    [Theory, EachTarget(false), EachTarget(true)]
    public async Task Every_datatype_that_JSON_can_say_comes_back_as_it_went_in(string target, bool nested)
    {
        var samples = Sample.OfEveryDatatype;
        var json = $$"""
            {"inputs":[{{string.Join(',', samples.Select(sample => sample.ToInput(binary: false, nested)))}}],
             "outputs":[{{string.Join(',', samples.Where(sample => sample.Json is not null).Select(sample => $$"""{"name":"{{sample.Output}}"}"""))}}]}
            """;
        var answer = await conformance.At(target).PostBinaryAsync("/v2/models/types/infer", json, [.. samples.Where(sample => sample.Json is null).SelectMany(sample => sample.Binary)]);
        Assert.True(answer is { Status: 200, MediaType: "application/json", JsonLength: null }, $"{answer}");
        foreach (var sample in samples.Where(sample => sample.Json is not null))
        {
            var output = Assert.Single(answer.Json["outputs"]!.AsArray(), output => (string?)output!["name"] == sample.Output)!;
            Assert.Equal((sample.Datatype, "[1,2]"), ((string?)output["datatype"], output["shape"]!.ToJsonString()));
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(sample.Json!), output["data"]), output.ToJsonString());
        }
    }

    [Theory, EachTarget]
    public async Task The_id_is_echoed_and_parameters_on_every_level_are_taken(string target)
    {
        var json = Fashion.Json(conformance.Pixels, ""","id":"ä/1","parameters":{"text":"a","number":1.5,"whole":7,"flag":true},"outputs":[{"name":"logits","parameters":{"text":"a","flag":false}}]""")
            .Replace("\"datatype\"", """ "parameters":{"number":3},"datatype" """, StringComparison.Ordinal);
        var answer = await conformance.At(target).PostAsync(Fashion.Infer, json);
        Assert.Equal(10, Fashion.Logits(answer).Length);
        Assert.Equal("ä/1", (string?)answer.Json["id"]);
    }

    [Theory, EachTarget("text/plain"), EachTarget("")]
    public async Task No_media_type_is_insisted_on(string target, string mediaType)
    {
        var content = OipClient.Content(Encoding.UTF8.GetBytes(Fashion.Json(conformance.Pixels)));
        content.Headers.ContentType = mediaType.Length == 0 ? null : new(mediaType);
        Assert.Equal(10, Fashion.Logits(await conformance.At(target).SendAsync("POST", Fashion.Infer, content)).Length);
    }

    [Theory, EachTarget(3, 3), EachTarget(1000, 10)]
    public async Task Classification_names_the_highest_classes_in_order(string target, int asked, int given)
    {
        var server = conformance.At(target);
        var logits = Fashion.Logits(await server.PostAsync(Fashion.Infer, Fashion.Json(conformance.Pixels)));
        var answer = await server.PostAsync(Fashion.Infer, Fashion.Json(conformance.Pixels, $$$""","outputs":[{"name":"logits","parameters":{"classification":{{{asked}}}}}]"""));
        Assert.True(answer.Status == 200, $"{answer}");
        var output = answer.Json["outputs"]![0]!;
        Assert.Equal(("BYTES", $"[1,{given}]"), ((string?)output["datatype"], output["shape"]!.ToJsonString()));
        var classes = output["data"]!.AsArray().Select(text => ((string)text!).Split(':')).ToList();
        Assert.Equal(logits.Select((value, index) => (value, index)).OrderByDescending(entry => entry.value).Select(entry => $"{entry.index}").Take(given), classes.Select(parts => parts[1]));
        Assert.Equal("Ankle boot", classes[0][2]);
    }

    [Theory, EachTarget]
    public async Task Statistics_count_what_was_answered_and_add_up(string target)
    {
        var before = await TotalsAsync();
        await conformance.At(target).PostAsync(Fashion.Infer, Fashion.Json(conformance.Pixels, rows: 3));
        await conformance.At(target).PostAsync(Fashion.Infer, Fashion.Json(conformance.Pixels, rows: 2));
        var refused = await conformance.At(target).PostAsync(Fashion.Infer, Fashion.Json(conformance.Pixels, ""","outputs":[{"name":"nothing"}]"""));
        Assert.Equal(400, refused.Status);
        var after = await TotalsAsync();
        Assert.Equal((5L, 2L, 2L), (after.Inferences - before.Inferences, after.Executions - before.Executions, after.Successes - before.Successes));
    }

    // Whichever replica it was that answered behind the public port.
    private async Task<(long Inferences, long Executions, long Successes)> TotalsAsync()
    {
        var total = (Inferences: 0L, Executions: 0L, Successes: 0L);
        foreach (var replica in conformance.Replicas)
        {
            var stats = Assert.Single((await replica.JsonAsync("/v2/models/fashion/versions/1/stats"))["model_stats"]!.AsArray())!;
            Assert.Equal(("fashion", "1"), ((string?)stats["name"], (string?)stats["version"]));
            var (inferences, executions) = ((long)stats["inference_count"]!, (long)stats["execution_count"]!);
            var batches = stats["batch_stats"]!.AsArray().Select(batch => (Size: (long)batch!["batch_size"]!, Count: (long)batch["compute_infer"]!["count"]!)).ToList();
            Assert.Equal((inferences, executions), (batches.Sum(batch => batch.Size * batch.Count), batches.Sum(batch => batch.Count)));
            var times = stats["inference_stats"]!;
            Assert.True(Ns("queue") + Ns("compute_input") + Ns("compute_infer") + Ns("compute_output") <= Ns("success"), times.ToJsonString());
            total = (total.Inferences + inferences, total.Executions + executions, total.Successes + (long)times["success"]!["count"]!);

            long Ns(string part) => (long)times[part]!["ns"]!;
        }
        return total;
    }
}
