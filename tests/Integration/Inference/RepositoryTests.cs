using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>The protocol's repository extension: what is served and what is not, and why.</summary>
public sealed class RepositoryTests(Azurite azurite) : OneReplica(azurite)
{
    [Fact]
    public async Task The_index_tells_each_versions_state_and_the_reason_of_a_refusal()
    {
        using var client = await ServingOneOfTwoAsync();

        var entries = (await IndexAsync(client, "{}")).AsArray();
        Assert.Equal(["m 1 READY", "m 2 UNAVAILABLE"], entries.Select(entry => $"{entry!["name"]} {entry["version"]} {entry["state"]}"));
        Assert.Null(entries[0]!["reason"]);
        Assert.Contains("NaN", (string)entries[1]!["reason"]!, StringComparison.Ordinal);

        Assert.Equal("1", (string?)Assert.Single((await IndexAsync(client, """{"ready":true}""")).AsArray())!["version"]);
        Assert.Equal(2, (await IndexAsync(client, "")).AsArray().Count);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"ready":1}""")]
    [InlineData("nested")]
    public async Task A_malformed_question_is_400(string body)
    {
        using var client = await ServingOneOfTwoAsync();
        using var answer = await PostAsync(client, "index", body == "nested" ? new string('[', 250_000) : body);
        await InferenceApp.IsErrorAsync(HttpStatusCode.BadRequest, answer);
    }

    private async Task<HttpClient> ServingOneOfTwoAsync()
    {
        var good = await PublishTimesAsync(1);
        var bad = await Repository.PublishAsync(Id(2), Files(OnnxModels.Times(float.NaN)));
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(bad, fallback: good)));
        var client = Start().CreateClient();
        await ReadyAsync(client);
        return client;
    }

    private static async Task<JsonNode> IndexAsync(HttpClient client, string body)
    {
        using var answer = await PostAsync(client, "index", body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await InferenceApp.JsonOf(answer);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string body) =>
        client.PostAsync($"/v2/repository/{path}", new StringContent(body, Encoding.UTF8, "application/json"), Cancelled);
}
