using Microsoft.Extensions.Options;
using ModelPlatform.Sync.Detection;

namespace ModelPlatform.Tests.Unit.Sync.Detection;

public sealed class NextListingTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public void It_comes_at_the_usual_pace()
    {
        var next = Every(TimeSpan.FromHours(1));
        Assert.True(next.Left <= TimeSpan.Zero);      // the first one at once
        next.Listed(isWell: true);
        Assert.Equal(TimeSpan.FromHours(1), next.Left);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.Zero, next.Left);
    }

    [Theory]
    [InlineData(1, 0.5, 1)]
    [InlineData(2, 1, 2)]
    [InlineData(4, 4, 8)]
    [InlineData(100, 15, 30)]
    public void After_looks_that_came_to_nothing_it_comes_soon_and_ever_more_rarely(int failures, double atLeast, double atMost)
    {
        var next = Every(TimeSpan.FromHours(1));
        for (var i = 0; i < failures; i++) next.Listed(isWell: false);
        Assert.InRange(next.Left.TotalSeconds, atLeast, atMost);
        next.Listed(isWell: true);
        Assert.Equal(TimeSpan.FromHours(1), next.Left);
    }

    [Fact]
    public void It_never_comes_later_than_at_the_usual_pace()
    {
        var next = Every(TimeSpan.FromSeconds(0.2));
        for (var i = 0; i < 100; i++) next.Listed(isWell: false);
        Assert.InRange(next.Left.TotalSeconds, 0.1, 0.2);
    }

    [Fact]
    public void What_is_spoiled_again_and_again_does_not_put_it_off()
    {
        var next = Every(TimeSpan.FromHours(1));
        next.Listed(isWell: true);
        for (var i = 0; i < 20; i++)
        {
            next.Spoiled();
            Assert.True(next.Left <= TimeSpan.FromSeconds(1));
            _time.Advance(TimeSpan.FromSeconds(0.05));
        }
        Assert.True(next.Left <= TimeSpan.Zero);
    }

    private NextListing Every(TimeSpan listEvery) => new(Options.Create(new DetectionOptions { ListEvery = listEvery, Jitter = TimeSpan.Zero }), _time);
}
