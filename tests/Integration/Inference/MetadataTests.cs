using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>What a client can find out before it sends anything.</summary>
public sealed class MetadataTests(Azurite azurite) : OneReplica(azurite)
{
    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task The_served_models_are_listed_by_name(string slash)
    {
        var version = RepositoryContainer.Model(await PublishTimesAsync(1));
        await Repository.WantAsync(1, ("m", version), ("b", version));
        using var client = Start().CreateClient();
        await ReadyAsync(client);
        Assert.Equal("""{"models":["b","m"]}""", await client.GetStringAsync($"/v2/models{slash}", Cancelled));
    }

    [Fact]
    public async Task The_server_says_what_it_is_with_and_without_a_slash()
    {
        using var client = Start().CreateClient();
        using var answer = await client.GetAsync("/v2", Cancelled);
        Assert.Equal("model-platform", (string?)(await InferenceApp.JsonOf(answer))["name"]);
        Assert.Equal(await answer.Content.ReadAsStringAsync(Cancelled), await client.GetStringAsync("/v2/", Cancelled));
    }
}
