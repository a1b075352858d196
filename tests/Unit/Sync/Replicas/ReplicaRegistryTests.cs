using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Replicas;
using ModelPlatform.Tests.Unit.Sync.Planning;
using static ModelPlatform.Tests.Unit.Sync.Replicas.Acks;

namespace ModelPlatform.Tests.Unit.Sync.Replicas;

public sealed class ReplicaRegistryTests
{
    private readonly FakeTime _time = new();
    private readonly ReplicaRegistry _registry;

    public ReplicaRegistryTests() => _registry = Registry(_time);

    [Fact]
    public void A_replica_is_shown_while_it_watches_and_for_a_grace_after_that()
    {
        var watch = _registry.Connect(Watch("a", pid: 7))!;
        _time.Advance(TimeSpan.FromDays(1));
        var status = Assert.Single(_registry.Status());
        Assert.Equal(("a", true, "http://127.0.0.1:5080", 7), (status.Id, status.Connected, status.Address, status.Pid));

        watch.Dispose();
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(Assert.Single(_registry.Status()).Connected);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Empty(_registry.Status());
    }

    [Fact]
    public void A_clock_that_is_set_makes_nobody_gone()
    {
        var clock = new SetClock(_time);
        var registry = Registry(clock);
        registry.Connect(Watch("a"))!.Dispose();
        registry.Record(Replica("a"), Of("2", AckState.Loading));
        clock.Set += TimeSpan.FromMinutes(5);
        Assert.Empty(registry.Look().Interruptions);
        Assert.Single(registry.Status());
    }

    [Fact]
    public void A_reconnect_within_the_grace_goes_on()
    {
        _registry.Connect(Watch("a"))!.Dispose();
        _time.Advance(TimeSpan.FromSeconds(2));
        using var again = _registry.Connect(Watch("a"));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(Assert.Single(_registry.Status()).Connected);
    }

    [Fact]
    public void The_end_of_an_old_watch_does_not_end_the_new_one()
    {
        var old = _registry.Connect(Watch("a"))!;
        using var fresh = _registry.Connect(Watch("a"));
        old.Dispose();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(Assert.Single(_registry.Status()).Connected);
        Assert.Equal(1, _registry.Connected);
    }

    [Fact]
    public void A_new_watch_voids_what_an_earlier_one_reported()
    {
        _registry.Connect(Watch("a"));
        _registry.Record(Replica("a"), Of("1", AckState.Serving, generation: 9));
        using var again = _registry.Connect(Watch("a"));
        var status = Assert.Single(_registry.Status());
        Assert.Empty(status.Models);
        Assert.Equal(0, status.Generation);
    }

    [Theory]
    [InlineData("first", "first", true)]
    [InlineData("first", "second", false)]
    [InlineData("first", null, false)]
    [InlineData(null, null, false)]
    public void Of_the_same_process_it_stands(string? before, string? run, bool stands)
    {
        _registry.Connect(Watch("a") with { Run = before })!.Dispose();
        _registry.Record(Replica("a"), Of("1", AckState.Serving, generation: 9));
        using var again = _registry.Connect(Watch("a") with { Run = run });
        Assert.Equal(stands, Assert.Single(_registry.Status()).Models.ContainsKey(Offers.Fashion));
    }

    [Fact]
    public void How_long_nobody_is_there_counts_from_when_the_last_one_is_gone()
    {
        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(TimeSpan.FromSeconds(7), _registry.Deserted);
        using (_registry.Connect(Watch("a")))
        {
            _time.Advance(TimeSpan.FromHours(1));
            Assert.Null(_registry.Deserted);
        }
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Null(_registry.Deserted);
        _time.Advance(TimeSpan.FromMinutes(1));      // nobody has looked meanwhile
        Assert.Equal(TimeSpan.Zero, _registry.Deserted);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(5), _registry.Deserted);
        _registry.Forget();
        Assert.Equal(TimeSpan.Zero, _registry.Deserted);
    }

    [Fact]
    public void An_ack_before_the_first_watch_counts_and_does_not_stay_without_one()
    {
        _registry.Record(Replica("a"), Of("1", AckState.Serving));
        Assert.False(Assert.Single(_registry.Status()).Connected);
        using (_registry.Connect(Watch("a"))) Assert.Equal("1 Serving", Shown());

        _registry.Record(Replica("b"), Of("1", AckState.Serving));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(_registry.Status());
    }

    [Fact]
    public void The_last_word_on_a_version_counts()
    {
        _registry.Record(Replica("a"), Of("1", AckState.Loading));
        _registry.Record(Replica("a"), Of("1", AckState.Serving, generation: 2));
        Assert.Equal("1 Serving", Shown());
        Assert.Equal(2, Assert.Single(_registry.Status()).Generation);
    }

    [Theory]
    [InlineData(AckState.Serving, AckState.Loading, 2, AckState.Serving)]       // the load has ended
    [InlineData(AckState.Rejected, AckState.Loading, 2, AckState.Rejected)]
    [InlineData(AckState.Serving, AckState.Rejected, 1, AckState.Serving)]      // of an earlier try
    [InlineData(AckState.Serving, AckState.Unloaded, 1, AckState.Serving)]
    [InlineData(AckState.Serving, AckState.Rejected, 2, AckState.Rejected)]
    [InlineData(AckState.Retrying, AckState.Loading, 2, AckState.Loading)]
    [InlineData(AckState.Rejected, AckState.Loading, 3, AckState.Loading)]
    public void What_was_overtaken_on_its_way_counts_no_more(AckState known, AckState late, long generation, AckState shown)
    {
        _registry.Record(Replica("a"), Of("1", known, generation: 2));
        _registry.Record(Replica("a"), Of("1", late, generation));
        Assert.Equal($"1 {shown}", Shown());
    }

    [Fact]
    public void Unloading_removes_the_version()
    {
        _registry.Record(Replica("a"), Of("1", AckState.Serving));
        _registry.Record(Replica("a"), Of("2", AckState.Serving));
        _registry.Record(Replica("a"), Of("1", AckState.Unloaded));
        Assert.Equal("2 Serving", Shown());
    }

    [Fact]
    public void Another_content_of_the_same_version_takes_its_place_and_the_old_one_going_changes_nothing()
    {
        _registry.Record(Replica("a"), Of("2", AckState.Serving));
        _registry.Record(Replica("a"), Of("2b", AckState.Serving));
        _registry.Record(Replica("a"), Of("2", AckState.Unloaded));
        var shown = Assert.Single(_registry.Status()).Models[Offers.Fashion][new ModelVersion(2)];
        Assert.Equal((Offers.Desired("2b").Identity, AckState.Serving), (shown.Identity, shown.State));
    }

    [Fact]
    public void A_repeated_ack_is_no_news()
    {
        Assert.Equal(RecordOutcome.News, _registry.Record(Replica("a"), Of("1", AckState.Serving)));
        Assert.Equal(RecordOutcome.Known, _registry.Record(Replica("a"), Of("1", AckState.Serving)));
        Assert.Equal(RecordOutcome.News, _registry.Record(Replica("a"), Of("1", AckState.Rejected)));
    }

    [Fact]
    public void The_number_of_replicas_is_bounded_and_room_comes_back()
    {
        var registry = Registry(_time, maxReplicas: 2);
        using var a = registry.Connect(Watch("a"));
        registry.Record(Replica("b"), Of("1", AckState.Serving));
        Assert.Null(registry.Connect(Watch("c")));
        Assert.Equal(RecordOutcome.TooManyReplicas, registry.Record(Replica("c"), Of("1", AckState.Serving)));

        _time.Advance(TimeSpan.FromSeconds(10));
        using var c = registry.Connect(Watch("c"));
        Assert.NotNull(c);
    }

    private string Shown() => string.Join(", ", Assert.Single(_registry.Status()).Models[Offers.Fashion].Select(version => $"{version.Key} {version.Value.State}"));

    private sealed class SetClock(TimeProvider clock) : TimeProvider
    {
        public TimeSpan Set { get; set; }

        public override long TimestampFrequency => clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + Set;

        public override long GetTimestamp() => clock.GetTimestamp();
    }
}
