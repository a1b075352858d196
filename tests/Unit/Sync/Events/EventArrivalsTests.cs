using ModelPlatform.Sync.Events;

namespace ModelPlatform.Tests.Unit.Sync.Events;

public sealed class EventArrivalsTests
{
    private readonly FakeTime _time = new();
    private readonly EventArrivals _arrivals;

    public EventArrivalsTests() => _arrivals = new(_time);

    [Fact]
    public void A_look_follows_the_oldest_event_before_it()
    {
        _arrivals.Begin();
        Assert.Null(_arrivals.Waited());
        _arrivals.End();

        NoteAfter(0);
        NoteAfter(2);
        _time.Advance(TimeSpan.FromSeconds(1));
        _arrivals.Begin();
        Assert.Equal(TimeSpan.FromSeconds(3), _arrivals.Waited());
        _arrivals.End();
        Assert.Null(_arrivals.Waited());
    }

    [Fact]
    public void An_event_during_a_look_waits_for_the_next_one()
    {
        _arrivals.Begin();
        NoteAfter(0);
        Assert.Null(_arrivals.Waited());
        _arrivals.End();
        _arrivals.Begin();
        Assert.Equal(TimeSpan.Zero, _arrivals.Waited());
    }

    [Fact]
    public void A_look_that_failed_follows_nothing()
    {
        NoteAfter(0);
        _arrivals.Begin();
        NoteAfter(5);
        _arrivals.Begin();
        Assert.Equal(TimeSpan.FromSeconds(5), _arrivals.Waited());
    }

    private void NoteAfter(int seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _arrivals.Note();
    }
}
