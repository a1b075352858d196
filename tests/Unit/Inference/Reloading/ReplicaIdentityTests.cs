using ModelPlatform.Inference.Reloading;

namespace ModelPlatform.Tests.Unit.Inference.Reloading;

public sealed class ReplicaIdentityTests
{
    [Theory]
    [InlineData("10.0.0.1", "http://10.0.0.1:8080")]
    [InlineData("inference-api", "http://inference-api:8080")]
    [InlineData("fd00::1", "http://[fd00::1]:8080")]   // a pod's address where the cluster has IPv6 only
    [InlineData("[::1]", "http://[::1]:8080")]
    public void A_replica_is_reached_at_a_host_of_any_kind(string host, string url) => Assert.Equal(url, ReplicaIdentity.UrlOf("http", host, 8080));
}
