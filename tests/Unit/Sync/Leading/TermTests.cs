using ModelPlatform.Sync.Leading;

namespace ModelPlatform.Tests.Unit.Sync.Leading;

public sealed class TermTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private readonly FakeTime _time = new();

    [Theory]
    [InlineData(15, 0, true)]
    [InlineData(15, 5, true)]
    [InlineData(15, 13.9, true)]
    [InlineData(15, 14, false)]         // a second is left for the difference of two clocks
    [InlineData(15, 15, false)]
    [InlineData(15, 3600, false)]
    [InlineData(60, 58.9, true)]
    [InlineData(60, 59, false)]
    public void A_lease_is_believed_in_for_a_little_less_than_it_holds(double leaseFor, double sinceAsked, bool holds)
    {
        Assert.Equal(holds, Term.Left(TimeSpan.FromSeconds(sinceAsked), TimeSpan.FromSeconds(leaseFor)) > TimeSpan.Zero);

        using var term = new Term(_time.GetTimestamp(), TimeSpan.FromSeconds(leaseFor), true, _time, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(sinceAsked));
        Assert.Equal((holds, !holds), (term.Holds, term.Ended.IsCancellationRequested));
    }

    [Fact]
    public void What_counts_is_when_it_was_asked_for_not_when_the_answer_came()
    {
        var asked = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(6));
        using var term = new Term(asked, Lease, true, _time, CancellationToken.None);
        var renewed = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(7));
        term.Renew(renewed);
        _time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.True(term.Holds);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(term.Holds);
    }

    [Fact]
    public void An_answer_that_comes_after_the_end_changes_nothing()
    {
        using var term = new Term(_time.GetTimestamp(), Lease, true, _time, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(13));
        var asked = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(1));
        term.Renew(asked);
        Assert.False(term.Holds);
    }

    [Fact]
    public void A_process_that_was_stopped_sees_the_end_before_any_of_its_timers_has_run()
    {
        var time = new LateTimers(_time);
        using var term = new Term(time.GetTimestamp(), Lease, true, time, CancellationToken.None);
        var asked = time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.False(term.Ended.IsCancellationRequested);
        Assert.False(term.Holds);
        term.Renew(asked);      // its answer was on the way all the time
        Assert.False(term.Holds);
    }

    [Fact]
    public void A_service_that_stops_does_not_lead()
    {
        using var stopping = new CancellationTokenSource();
        using var term = new Term(_time.GetTimestamp(), Lease, true, _time, stopping.Token);
        stopping.Cancel();
        Assert.Equal((false, true), (term.Holds, term.Ended.IsCancellationRequested));
    }

    private sealed class LateTimers(TimeProvider clock) : TimeProvider
    {
        public override long TimestampFrequency => clock.TimestampFrequency;

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new FakeTime().CreateTimer(callback, state, dueTime, period);
    }
}
