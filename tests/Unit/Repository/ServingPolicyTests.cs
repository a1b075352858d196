using System.Text;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;

namespace ModelPlatform.Tests.Unit.Repository;

public sealed class ServingPolicyTests
{
    [Theory]
    [InlineData("{}", "12")]
    [InlineData("""{ "versions": { "latest": 1 } }""", "12")]
    [InlineData("""{ "versions": { "latest": 2 } }""", "12 10")]
    [InlineData("""{ "versions": { "latest": 9 } }""", "12 10 9 1")]
    [InlineData("""{ "versions": { "only": [9] } }""", "9")]
    [InlineData("""{ "versions": { "only": ["1", 10] } }""", "10 1")]
    [InlineData("""{ "versions": { "only": [3] } }""", "")]
    [InlineData("""{ "versions": { "all": true } }""", "12 10 9 1")]
    public void The_policy_chooses_among_the_committed_versions(string json, string wanted)
    {
        var committed = new long[] { 9, 12, 1, 10 }.Select(number => new ModelVersion(number));
        Assert.Equal(wanted, string.Join(' ', Parse(json).Versions.From(committed)));
    }

    [Fact]
    public void Nothing_is_chosen_where_nothing_is_committed() => Assert.Empty(ServingPolicy.Default.Versions.From([]));

    [Fact]
    public void Every_member_arrives()
    {
        var policy = Parse("""{ "versions": { "only": [3, "4"] }, "rollout": { "first": 2, "atOnce": 3, "bake": "00:01:00" }, "transition": "memory" }""");
        Assert.Equal([new ModelVersion(3), new ModelVersion(4)], policy.Versions.Only!);
        Assert.Equal(new RolloutPlan(2, 3) { Bake = TimeSpan.FromMinutes(1) }, policy.Rollout);
        Assert.Equal(Transition.Memory, policy.Transition);
    }

    [Fact]
    public void What_is_left_out_is_as_without_the_file()
    {
        var policy = Parse("""{ "rollout": {} }""");
        Assert.Equal(ServingPolicy.Default, policy);
        Assert.Equal(1, policy.Versions.Latest);
        Assert.Equal((1, null), (policy.Rollout.First, policy.Rollout.AtOnce));
        Assert.Equal(Transition.Availability, policy.Transition);
    }

    [Theory]
    [InlineData("""{ "versions": {} }""", "versions: It must have exactly one of 'latest', 'only' and 'all'.")]
    [InlineData("""{ "versions": { "latest": 1, "all": true } }""", "versions: It must have exactly one of 'latest', 'only' and 'all'.")]
    [InlineData("""{ "versions": { "latest": 1, "only": [1] } }""", "versions: It must have exactly one of 'latest', 'only' and 'all'.")]
    [InlineData("""{ "versions": { "all": false } }""", "versions: It must have exactly one of 'latest', 'only' and 'all'.")]
    [InlineData("""{ "versions": { "latest": 1, "all": false } }""", "versions: It must have exactly one of 'latest', 'only' and 'all'.")]
    [InlineData("""{ "versions": { "latest": 0 } }""", "versions.latest: It must lie between 1 and 100.")]
    [InlineData("""{ "versions": { "latest": 101 } }""", "versions.latest: It must lie between 1 and 100.")]
    [InlineData("""{ "versions": { "only": [] } }""", "versions.only: It must name at least one version.")]
    [InlineData("""{ "versions": { "only": 3 } }""", "versions.only: A list of versions is expected.")]
    [InlineData("""{ "versions": { "only": [null] } }""", "versions.only: A version is a number or a string.")]
    [InlineData("""{ "versions": { "only": [[3]] } }""", "versions.only: A version is a number or a string.")]
    [InlineData("""{ "versions": { "only": [0] } }""", "versions.only: '0' is not a version (a positive integer without leading zeros).")]
    [InlineData("""{ "versions": { "only": [1e3] } }""", "versions.only: '1e3' is not a version (a positive integer without leading zeros).")]
    [InlineData("""{ "versions": { "only": [1.0] } }""", "versions.only: '1.0' is not a version (a positive integer without leading zeros).")]
    [InlineData("""{ "versions": { "only": ["latest"] } }""", "versions.only: 'latest' is not a version (a positive integer without leading zeros).")]
    [InlineData("""{ "versions": null }""", "versions: It must not be null.")]
    [InlineData("""{ "versions": "latest" }""", "versions: An object is expected.")]
    [InlineData("""{ "versions": { "newest": 1 } }""", "versions.newest: This member is not known.")]
    [InlineData("""{ "rollout": null }""", "rollout: It must not be null.")]
    [InlineData("""{ "rollout": { "first": 0 } }""", "rollout.first: It must be at least 1.")]
    [InlineData("""{ "rollout": { "atOnce": 0 } }""", "rollout.atOnce: It must be at least 1.")]
    [InlineData("""{ "rollout": { "bake": "-00:00:01" } }""", "rollout.bake: It must not be negative.")]
    [InlineData("""{ "rollout": { "steps": 1 } }""", "rollout.steps: This member is not known.")]
    [InlineData("""{ "transition": "fast" }""", "transition: It must be 'availability' or 'memory'.")]
    [InlineData("""{ "policy": 1 }""", "policy: This member is not known.")]
    [InlineData("", "It is empty.")]
    public void Whatever_is_wrong_is_named(string json, string reason) =>
        Assert.Equal($"serving.json: {reason}", Assert.Throws<InvalidDocumentException>(() => Parse(json)).Message);

    [Fact]
    public void Sixty_four_kilobytes_are_the_most()
    {
        var largest = "{}".PadRight(ServingPolicy.MaxBytes);
        Assert.Equal(ServingPolicy.Default, Parse(largest));
        Assert.Throws<InvalidDocumentException>(() => Parse(largest + " "));
    }

    private static ServingPolicy Parse(string json) => ServingPolicy.Parse(Encoding.UTF8.GetBytes(json));
}
