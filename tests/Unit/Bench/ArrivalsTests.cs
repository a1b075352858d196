using ModelPlatform.Bench.Numbers;

namespace ModelPlatform.Tests.Unit.Bench;

public sealed class ArrivalsTests
{
    private const double Rate = 100;
    private const int Count = 20_000;

    [Fact]
    public void Requests_come_at_the_rate_with_the_spread_of_a_poisson_process()
    {
        var gaps = Gaps(new Arrivals(Rate, seed: 1));
        var mean = gaps.Average();
        var deviation = Math.Sqrt(gaps.Average(gap => (gap - mean) * (gap - mean)));
        Assert.InRange(mean, 0.97 / Rate, 1.03 / Rate);
        // Of exponential gaps the deviation is the mean.
        Assert.InRange(deviation, 0.95 / Rate, 1.05 / Rate);
    }

    [Fact]
    public void The_same_seed_gives_the_same_schedule() => Assert.Equal(Gaps(new Arrivals(Rate, seed: 2)), Gaps(new Arrivals(Rate, seed: 2)));

    [Fact]
    public void Some_may_come_at_once()
    {
        var arrivals = new Arrivals(Rate, seed: 3, atOnce: 2);
        Assert.Equal(TimeSpan.Zero, arrivals.Next());
        Assert.Equal(TimeSpan.Zero, arrivals.Next());
        Assert.NotEqual(TimeSpan.Zero, arrivals.Next());
    }

    private static List<double> Gaps(Arrivals arrivals)
    {
        var gaps = new List<double>(Count);
        for (var last = 0.0; gaps.Count < Count;)
        {
            var next = arrivals.Next().TotalSeconds;
            gaps.Add(next - last);
            last = next;
        }
        return gaps;
    }
}
