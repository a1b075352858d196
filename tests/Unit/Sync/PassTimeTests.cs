using ModelPlatform.Sync;

namespace ModelPlatform.Tests.Unit.Sync;

public sealed class PassTimeTests
{
    [Fact]
    public void A_clock_that_is_set_back_changes_neither_what_is_measured_nor_the_order_of_dates()
    {
        var time = new SetTime();
        var pass = new PassTime(time);
        time.Timer += TimeSpan.FromSeconds(2);
        time.Date -= TimeSpan.FromHours(1);
        Assert.Equal((TimeSpan.FromSeconds(2), pass.Began + TimeSpan.FromSeconds(2)), (pass.Elapsed, pass.Now));
        Assert.Equal(DateTimeOffset.UnixEpoch, pass.Began);
    }

    private sealed class SetTime : TimeProvider
    {
        public DateTimeOffset Date { get; set; } = DateTimeOffset.UnixEpoch;

        public TimeSpan Timer { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Date;

        public override long GetTimestamp() => Timer.Ticks;
    }
}
