using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Replicas;
using static ModelPlatform.Tests.Unit.Sync.Replicas.Acks;

namespace ModelPlatform.Tests.Unit.Sync.Replicas;

public sealed class InterruptionTests
{
    private readonly FakeTime _time = new();
    private readonly ReplicaRegistry _registry;

    public InterruptionTests() => _registry = Registry(_time);

    [Theory]
    [InlineData(AckState.Loading, true, true)]
    [InlineData(AckState.Serving, true, false)]
    [InlineData(AckState.Shadowing, true, false)]
    [InlineData(AckState.Retrying, false, false)]
    [InlineData(AckState.Rejected, false, false)]
    public void A_replica_that_does_not_come_back_was_ended_by_what_it_had_in_hand(AckState state, bool counts, bool wasLoading)
    {
        LoadingThenGone(state);
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Empty(_registry.Look().Interruptions);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(counts ? [new Interruption(Replica("a"), Planning.Offers.Fashion, Planning.Offers.Desired("2").Identity, 9, "first", wasLoading)] : [], _registry.Look().Interruptions);
    }

    [Fact]
    public void A_process_that_comes_back_after_all_had_not_ended()
    {
        LoadingThenGone(AckState.Loading);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(_registry.Look().Interruptions);
        using var again = _registry.Connect(Watch("a") with { Run = "first" });
        Assert.Empty(_registry.Look().Interruptions);
    }

    [Fact]
    public void Of_one_that_was_heard_of_and_never_seen_nobody_knows_that_it_has_ended()
    {
        _registry.Record(Replica("a"), Of("2", AckState.Loading, generation: 9));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_registry.Look().Interruptions);
    }

    [Fact]
    public void Another_process_under_the_same_name_tells_it_at_once()
    {
        LoadingThenGone(AckState.Loading);
        using var again = _registry.Connect(Watch("a") with { Run = "second" });
        Assert.Single(_registry.Look().Interruptions);
    }

    [Fact]
    public void What_an_operator_releases_is_tried_with_a_clean_slate()
    {
        LoadingThenGone(AckState.Loading);
        _time.Advance(TimeSpan.FromMinutes(1));
        var ended = Assert.Single(_registry.Look().Interruptions);
        _registry.Forgive(ended.Model, Planning.Offers.Desired("1").Identity);
        Assert.Single(_registry.Look().Interruptions);
        _registry.Forgive(ended.Model, ended.Identity);
        Assert.Empty(_registry.Look().Interruptions);
    }

    [Fact]
    public void The_same_process_with_another_connection_is_none()
    {
        LoadingThenGone(AckState.Loading);
        using var again = _registry.Connect(Watch("a") with { Run = "first" });
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_registry.Look().Interruptions);
    }

    [Fact]
    public void One_that_leaves_because_it_was_told_to_is_none_and_gets_nothing_more()
    {
        using (_registry.Connect(Watch("a") with { Run = "first" })!)
        {
            _registry.Record(Replica("a"), Of("2", AckState.Loading, generation: 9));
            _registry.Leave(Replica("a"));
            Assert.True(Assert.Single(_registry.Look().Replicas).IsLeaving);
        }
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_registry.Look().Interruptions);
    }

    [Fact]
    public void Whoever_comes_again_after_leaving_counts_again()
    {
        using var first = _registry.Connect(Watch("a") with { Run = "first" });
        _registry.Leave(Replica("a"));
        using var second = _registry.Connect(Watch("a") with { Run = "second" });
        Assert.False(Assert.Single(_registry.Look().Replicas).IsLeaving);
    }

    private void LoadingThenGone(AckState state)
    {
        using var watch = _registry.Connect(Watch("a") with { Run = "first" });
        _registry.Record(Replica("a"), Of("2", state, generation: 9));
    }
}
