using ModelPlatform.Bench.Numbers;

namespace ModelPlatform.Tests.Unit.Bench;

public sealed class LatenciesTests
{
    [Theory]
    [InlineData(0.5, 500)]
    [InlineData(0.99, 990)]
    [InlineData(1, 1000)]
    [InlineData(0, 1)]
    public void A_share_of_all_durations_does_not_exceed_its_percentile(double share, double milliseconds)
    {
        var latencies = new Latencies();
        for (var i = 1000; i >= 1; i--) latencies.Add(TimeSpan.FromMilliseconds(i));
        Assert.InRange(latencies.Milliseconds(share), 0.99 * milliseconds, 1.01 * milliseconds);
    }

    [Theory]
    [InlineData(0.0001)]
    [InlineData(0.01)]
    [InlineData(3.7)]
    [InlineData(30_000)]
    public void Any_duration_is_kept_to_within_one_percent(double milliseconds)
    {
        var latencies = new Latencies();
        latencies.Add(TimeSpan.FromMilliseconds(milliseconds));
        Assert.InRange(latencies.Milliseconds(0.5), 0.99 * milliseconds, 1.01 * milliseconds);
    }

    [Fact]
    public void Those_of_several_threads_add_up()
    {
        var (one, other) = (new Latencies(), new Latencies());
        one.Add(TimeSpan.FromMilliseconds(1));
        other.Add(TimeSpan.FromMilliseconds(9));
        one.Add(other);
        Assert.Equal(2, one.Count);
        Assert.InRange(one.Milliseconds(1), 8.9, 9.1);
    }

    [Fact]
    public void Of_none_there_is_no_percentile() => Assert.True(double.IsNaN(new Latencies().Milliseconds(0.5)));
}
