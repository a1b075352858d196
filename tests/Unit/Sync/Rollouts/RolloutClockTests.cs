using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Rollouts;
using static ModelPlatform.Tests.Unit.Sync.Planning.Offers;

namespace ModelPlatform.Tests.Unit.Sync.Rollouts;

public sealed class RolloutClockTests
{
    private readonly FakeTime _time = new();
    private readonly RolloutClock _clock;

    public RolloutClockTests() => _clock = new RolloutClock(_time);

    // each word: minutes that pass, then whether all that have it serve it (s) or not (-), on a, or on a and b where it is followed by +
    [Theory]
    [InlineData("0- 5-", 5, -1)]
    [InlineData("0- 1s 9s", 10, 9)]
    [InlineData("0- 1s 14-", 0, -1)]                // it has the time of one that was just given it
    [InlineData("0- 1s 14- 3-", 3, -1)]
    [InlineData("0- 1s 14- 3s 2s", 5, 2)]           // and bakes anew
    [InlineData("0- 1s 9s 1-+", 0, -1)]             // the next step
    [InlineData("0- 1s 9s 1s+ 2s+", 2, 2)]
    public void A_step_has_its_time_from_its_begin_or_from_when_it_is_served_no_more(string looks, int sinceStep, int sinceServed)
    {
        (TimeSpan SinceStep, TimeSpan? SinceServed) told = default;
        foreach (var look in looks.Split(' '))
        {
            _time.Advance(TimeSpan.FromMinutes(int.Parse(look.TrimEnd('+', 's', '-'), System.Globalization.CultureInfo.InvariantCulture)));
            told = _clock.Look(Fashion, On(look.EndsWith('+') ? "a b" : "a"), look.Contains('s', StringComparison.Ordinal));
        }
        Assert.Equal((TimeSpan.FromMinutes(sinceStep), sinceServed < 0 ? null : (TimeSpan?)TimeSpan.FromMinutes(sinceServed)), told);
    }

    private static DesiredModel On(string replicas) => Published("1") with
    {
        Candidate = new Candidate([Desired("2")], 8),
        Replicas = replicas.Split(' ').ToDictionary(id => ReplicaId.Parse(id), _ => RolloutPart.Candidate),
    };
}
