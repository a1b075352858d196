using ModelPlatform.Sync.Health;

namespace ModelPlatform.Tests.Unit.Sync.Health;

public sealed class OwnAddressTests
{
    [Theory]
    [InlineData("http://[::]:8080/health", "http://localhost:8080/health")]
    [InlineData("http://0.0.0.0:8080/health", "http://localhost:8080/health")]
    [InlineData("http://[::1]:8080/health", "http://[::1]:8080/health")]
    [InlineData("http://127.0.0.1:8080/health", "http://127.0.0.1:8080/health")]
    [InlineData("http://inference-api/health", "http://inference-api/health")]
    public void All_addresses_of_this_machine_are_asked_at_one(string made, string asked) => Assert.Equal(asked, OwnAddress.Reachable(new Uri(made)).AbsoluteUri);
}
