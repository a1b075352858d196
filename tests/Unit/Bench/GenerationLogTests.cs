using ModelPlatform.Bench.Simulation;

namespace ModelPlatform.Tests.Unit.Bench;

public sealed class GenerationLogTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_generation_is_everywhere_once_the_last_follower_holds_it_or_a_newer_one()
    {
        var log = new GenerationLog(2);
        log.Receive(0, 1, Start, Start);
        Assert.Equal((0, 1), (log.Everywhere, log.Newest));
        log.Receive(1, 2, Start, Start);
        Assert.Equal((1, 2), (log.Everywhere, log.Newest));
    }

    [Fact]
    public void Delays_count_from_the_publication_also_for_who_got_a_newer_one_instead()
    {
        var log = new GenerationLog(2);
        log.Receive(0, 1, Start, Start.AddSeconds(1));
        log.Receive(0, 2, Start.AddSeconds(2), Start.AddSeconds(3));
        log.Receive(1, 2, Start.AddSeconds(2), Start.AddSeconds(4));   // The first one 4 s late, the second one 2 s.
        Assert.Equal(4, log.Delays.Count);
        Assert.InRange(log.Delays.Milliseconds(1), 3960, 4040);
        Assert.InRange(log.Delays.Milliseconds(0.75), 1980, 2020);
    }

    [Fact]
    public void What_came_before_it_forgot_counts_no_more()
    {
        var log = new GenerationLog(1);
        log.Receive(0, 1, Start, Start.AddSeconds(9));
        log.Forget();
        log.Receive(0, 2, Start, Start.AddSeconds(1));
        Assert.Equal((1, 2), (log.Delays.Count, log.Everywhere));
        Assert.InRange(log.Delays.Milliseconds(1), 990, 1010);
    }
}
