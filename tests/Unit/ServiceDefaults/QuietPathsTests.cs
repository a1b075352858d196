using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Tests.Unit.ServiceDefaults;

public sealed class QuietPathsTests
{
    [Theory]
    [InlineData("/", true)]
    [InlineData("/health", true)]
    [InlineData("/alive", true)]
    [InlineData("/v2/health/live", true)]
    [InlineData("/v2/health/ready", true)]
    [InlineData("/v1/state/watch", true)]
    [InlineData("/healthchecks-api", true)]
    [InlineData("/v1/state", false)]
    [InlineData("/v1/replicas", false)]
    [InlineData("/v2/models/fashion/classify", false)]
    [InlineData("/healthy", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Probes_the_watch_and_the_health_page_are_quiet(string? path, bool quiet) => Assert.Equal(quiet, QuietPaths.Contain(path));

    [Fact]
    public void The_watch_is_no_probe() => Assert.False(QuietPaths.AreProbed("/v1/state/watch"));
}
