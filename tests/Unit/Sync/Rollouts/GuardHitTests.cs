using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Rollouts;

namespace ModelPlatform.Tests.Unit.Sync.Rollouts;

public sealed class GuardHitTests
{
    private static readonly RolloutGuard Guard = new(MaxErrorRate: 0.1, MaxLatencyRatio: 2, MinCalls: 10);

    // answered, of these not numbers, failed and seconds of runs: of the new version; of the one before → what is said of it
    [Theory]
    [InlineData(100, 0, 0, 1.0, 100, 0, 0, 1.0, null)]
    [InlineData(100, 0, 11, 1.0, 100, 0, 0, 1.0, null)]             // 11 of 111
    [InlineData(100, 0, 12, 1.0, 100, 0, 0, 1.0, "10.7 % of its 112 calls failed or gave no numbers, 0.0 % with the version before; 10.0 % more are allowed.")]
    [InlineData(100, 20, 0, 1.0, 100, 0, 0, 1.0, "20.0 % of its 100 calls failed or gave no numbers, 0.0 % with the version before; 10.0 % more are allowed.")]
    [InlineData(100, 0, 100, 1.0, 100, 0, 100, 1.0, null)]          // both: the callers' fault
    [InlineData(0, 0, 10, 0.0, 0, 0, 0, 0.0, "100.0 % of its 10 calls failed or gave no numbers, 0.0 % with the version before; 10.0 % more are allowed.")]
    [InlineData(0, 0, 9, 0.0, 100, 0, 0, 1.0, null)]                // too few to tell
    [InlineData(100, 0, 0, 2.0, 100, 0, 0, 1.0, null)]
    [InlineData(100, 0, 0, 10.0, 100, 0, 0, 1.0, "A run takes 100.00 ms, 10.0 times as long as the 10.00 ms of the version before; 2.0 times are allowed.")]
    [InlineData(100, 0, 0, 10.0, 9, 0, 0, 0.09, null)]              // nothing to hold it against
    public void A_new_version_may_not_do_much_worse_than_the_one_before(
        long answered, long notNumbers, long failed, double seconds, long othersAnswered, long othersNotNumbers, long othersFailed, double othersSeconds, string? said) =>
        Assert.Equal(said, GuardHit.Find(
            Guard, new VersionCalls(answered, notNumbers, failed, seconds), new VersionCalls(othersAnswered, othersNotNumbers, othersFailed, othersSeconds)));

    [Fact]
    public void What_is_not_limited_is_not_judged() =>
        Assert.Null(GuardHit.Find(new RolloutGuard(), new VersionCalls(100, 100, 100, 100), new VersionCalls(100, 0, 0, 1)));
}
