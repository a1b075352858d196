using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Tests.Unit.ServiceDefaults;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(1, 1.0, 1)]
    [InlineData(2, 1.0, 2)]
    [InlineData(3, 1.0, 4)]
    [InlineData(3, 0.0, 2)]
    [InlineData(10, 1.0, 60)]
    [InlineData(1_000_000, 1.0, 60)]
    public void It_doubles_up_to_the_most_and_is_spread(int failures, double luck, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Backoff.After(failures, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), luck));
}
