using System.Text.Json.Nodes;

namespace ModelPlatform.Tests.EndToEnd.Conformance;

/// <summary>What the server tells of itself and of its models.</summary>
[Collection(OneConformancePlatform.Name)]
public sealed class ServerTests(ConformancePlatform conformance)
{
    [Theory, EachTarget]
    public async Task It_tells_what_it_is_and_that_it_lives(string target)
    {
        var server = conformance.At(target);
        foreach (var path in new[] { "/v2", "/v2/" })
        {
            var told = await server.JsonAsync(path);
            Assert.NotEqual("", (string?)told["name"]);
            Assert.NotEqual("", (string?)told["version"]);
            Assert.Superset(
                new HashSet<string?> { "binary_tensor_data", "classification", "model_configuration", "model_repository", "statistics" },
                told["extensions"]!.AsArray().Select(extension => (string?)extension).ToHashSet());
        }
        Assert.True((bool)(await server.JsonAsync("/v2/health/live"))["live"]!);
        Assert.True((bool)(await server.JsonAsync("/v2/health/ready"))["ready"]!);
        Assert.Superset(new HashSet<string?> { "fashion", "types" }, (await server.JsonAsync("/v2/models"))["models"]!.AsArray().Select(model => (string?)model).ToHashSet());
    }

    [Theory, EachTarget("/v2/models/fashion"), EachTarget("/v2/models/fashion/versions/1")]
    public async Task A_model_is_described_is_ready_and_has_a_configuration_with_and_without_version(string target, string model)
    {
        var server = conformance.At(target);
        AssertJson(
            """{"name":"fashion","versions":["1"],"platform":"onnx_onnxv1","inputs":[{"name":"image","datatype":"FP32","shape":[-1,1,28,28]}],"outputs":[{"name":"logits","datatype":"FP32","shape":[-1,10]}]}""",
            await server.JsonAsync(model));
        AssertJson("""{"name":"fashion","ready":true}""", await server.JsonAsync($"{model}/ready"));

        var configuration = await server.JsonAsync($"{model}/config");
        Assert.Equal(("fashion", "onnxruntime"), ((string?)configuration["name"], (string?)configuration["backend"]));
        Assert.True((int)configuration["max_batch_size"]! > 0);
        var (input, output) = (configuration["input"]![0]!, configuration["output"]![0]!);
        Assert.Equal(("image", "TYPE_FP32", "[1,28,28]"), ((string?)input["name"], (string?)input["data_type"], input["dims"]!.ToJsonString()));
        Assert.Equal(("logits", "TYPE_FP32", "[10]"), ((string?)output["name"], (string?)output["data_type"], output["dims"]!.ToJsonString()));
    }

    [Theory, EachTarget("{}"), EachTarget("""{"ready":true}"""), EachTarget("")]
    public async Task The_index_of_the_repository_tells_each_version_and_its_state(string target, string question)
    {
        var index = (await conformance.At(target).JsonAsync("/v2/repository/index", question)).AsArray();
        foreach (var model in new[] { "fashion", "types" })
        {
            var entry = Assert.Single(index, entry => (string?)entry!["name"] == model)!;
            Assert.Equal(("1", "READY"), ((string?)entry["version"], (string?)entry["state"]));
        }
    }

    [Theory]
    [EachTarget("/v3")]
    [EachTarget("/v2/nothing")]
    [EachTarget("/v2/health")]
    [EachTarget("/v2/models/nothing")]
    [EachTarget("/v2/models/nothing/ready")]
    [EachTarget("/v2/models/nothing/stats")]
    [EachTarget("/v2/models/nothing/config")]
    [EachTarget("/v2/models/fashion/versions/9")]
    [EachTarget("/v2/models/fashion/versions/9/ready")]
    [EachTarget("/v2/models/fashion/versions/1/nothing")]
    public async Task What_is_not_there_is_404_with_a_reason(string target, string path)
    {
        var answer = await conformance.At(target).SendAsync("GET", path);
        Assert.True(answer is { Status: 404, MediaType: "application/json" } && ((string?)answer.Json["error"])!.Length > 10, $"{answer}");
    }

    [Theory]
    [EachTarget("POST", "/v2", "GET")]
    [EachTarget("POST", "/v2/health/live", "GET")]
    [EachTarget("DELETE", "/v2/models/fashion", "GET")]
    [EachTarget("PUT", "/v2/models/fashion/ready", "GET")]
    [EachTarget("POST", "/v2/models/fashion/stats", "GET")]
    [EachTarget("GET", "/v2/models/fashion/infer", "POST")]
    [EachTarget("GET", "/v2/models/fashion/versions/1/infer", "POST")]
    [EachTarget("GET", "/v2/repository/index", "POST")]
    [EachTarget("GET", "/v2/repository/models/fashion/load", "POST")]
    public async Task A_wrong_verb_is_405_and_the_right_one_is_named(string target, string verb, string path, string right)
    {
        var answer = await conformance.At(target).SendAsync(verb, path);
        Assert.True(answer.Status == 405 && ((string?)answer.Json["error"])!.Length > 10, $"{answer}");
        Assert.Contains(right, answer.Allow.Split(','));
    }

    private static void AssertJson(string expected, JsonNode actual) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual.ToJsonString());
}
