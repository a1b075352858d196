using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Rollouts;
using static ModelPlatform.Tests.Unit.Sync.Planning.Offers;

namespace ModelPlatform.Tests.Unit.Sync.Rollouts;

public sealed class RolloutNewsTests
{
    // what was published before and its fallback ("none": the model was not); what happened to which version → what is told
    [Theory]
    [InlineData("none", "", nameof(HistoryKind.Live), "1", "Published Live")]
    [InlineData("1", "", nameof(HistoryKind.Started), "2", "Published Started")]
    [InlineData("1", "", nameof(HistoryKind.Live), "2", "Published Live")]          // nobody is there to prove it
    [InlineData("1", "", nameof(HistoryKind.Live), "1b", "Published Live")]         // another content under the number
    [InlineData("1", "", nameof(HistoryKind.Stepped), "2", "Stepped")]
    [InlineData("1", "", nameof(HistoryKind.RolledBack), "2", "RolledBack Quarantined")]
    [InlineData("1", "", nameof(HistoryKind.Abandoned), "2", "Abandoned")]
    [InlineData("2", "1", nameof(HistoryKind.Live), "1", "Live")]                   // back
    [InlineData("1", "2", nameof(HistoryKind.Live), "2", "Live")]                   // and forth again
    [InlineData("3", "2", nameof(HistoryKind.Started), "1", "Started")]             // far back
    public void A_move_is_told_and_a_version_that_nobody_knew_before_as_published(string before, string fallback, string kind, string version, string told)
    {
        var published = before == "none" ? State() : State((Fashion, Published(before, fallback)));
        var move = new RolloutMove(Published(version), Enum.Parse<HistoryKind>(kind), Desired(version), "why", [ReplicaId.Parse("a")]);
        var document = State((Fashion, Published(version))) with { Generation = 8, Traceparent = "00-1" };
        var entries = RolloutNews.Of(document, published, new Dictionary<ModelName, RolloutMove> { [Fashion] = move }, DateTimeOffset.UnixEpoch).ToList();
        Assert.Equal(told, string.Join(' ', entries.Select(entry => entry.Kind)));
        Assert.All(entries, entry => Assert.Equal((Fashion, Desired(version).Identity, 8, "why", "00-1"), (entry.Model, entry.Identity, entry.Generation, entry.Reason, entry.Traceparent)));
    }

    // of a rollout of 3 over 2, with 1 to fall back to: what happens to which version → what is told, and of which
    [Theory]
    [InlineData(nameof(HistoryKind.Started), "4", "Abandoned 3, Published 4, Started 4")]
    [InlineData(nameof(HistoryKind.Live), "1", "Abandoned 3, Live 1")]
    [InlineData(nameof(HistoryKind.Live), "3", "Live 3")]
    [InlineData(nameof(HistoryKind.Stepped), "3", "Stepped 3")]
    [InlineData(nameof(HistoryKind.Abandoned), "3", "Abandoned 3")]
    public void A_rollout_that_another_one_overtakes_has_an_end_too(string kind, string version, string told)
    {
        var before = State((Fashion, Published("2", "1") with { Candidate = new Candidate([Desired("3")], 7, "00-rollout") }));
        var next = kind == nameof(HistoryKind.Started) ? Published("2") with { Candidate = new Candidate([Desired(version)], 8) } : Published(version);
        var move = new RolloutMove(next, Enum.Parse<HistoryKind>(kind), Desired(version));
        var entries = RolloutNews.Of(State((Fashion, next)), before, new Dictionary<ModelName, RolloutMove> { [Fashion] = move }, DateTimeOffset.UnixEpoch).ToList();
        Assert.Equal(told, string.Join(", ", entries.Select(entry => $"{entry.Kind} {entry.Version}")));
        Assert.Equal("00-rollout", entries[0].Traceparent);
    }

    [Fact]
    public void A_version_that_is_released_was_published_before_and_its_steps_belong_to_its_trace()
    {
        var before = State((Fashion, Published("1") with { Quarantine = [new QuarantinedVersion(Desired("2"), "")] }));
        var started = Published("1") with { Candidate = new Candidate([Desired("2")], 8, "00-rollout") };
        var move = new RolloutMove(started, HistoryKind.Started, Desired("2"));
        var entry = Assert.Single(RolloutNews.Of(State((Fashion, started)), before, new Dictionary<ModelName, RolloutMove> { [Fashion] = move }, DateTimeOffset.UnixEpoch));
        Assert.Equal((HistoryKind.Started, "00-rollout"), (entry.Kind, entry.Traceparent));
    }
}
