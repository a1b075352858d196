using ModelPlatform.Sync.Console;

namespace ModelPlatform.Tests.Unit.Sync.Console;

public sealed class ConsoleEventsTests
{
    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(10, 0.5)]
    [InlineData(100, 5)]
    public void Many_open_pages_are_told_less_often(int open, double seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), ConsoleEvents.PaceOf(open));
}
