using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Health;
using ModelPlatform.Tests.Unit.Sync.Planning;

namespace ModelPlatform.Tests.Unit.Sync.Health;

public sealed class ReplicaEntryTests
{
    private static readonly ReplicaStatus Replica = new("a", Connected: true, Generation: 7, Models: Serving(("fashion", 2, AckState.Rejected, "It is bad."), ("fashion", 1, AckState.Serving, null), ("Boats", 3, AckState.Loading, null)), Address: "http://127.0.0.1:5080", Pid: 42);

    private static readonly ReplicaAnswer Ready = new(null, TimeSpan.FromMilliseconds(3));

    [Fact]
    public void A_ready_replica_is_healthy_and_says_what_became_of_each_version()
    {
        var entry = ReplicaEntry.Of(Replica, Ready, published: null);
        Assert.Equal((HealthStatus.Healthy, "Boats 3 loading, fashion 1 serving, fashion 2 rejected"), (entry.Status, entry.Description));
        Assert.Equal("replica a", ReplicaEntry.NameOf(Replica));
        Assert.Equal(["replica"], entry.Tags);
        Assert.Equal(Ready.Took, entry.Duration);
    }

    [Fact]
    public void What_else_is_known_is_in_its_data() => Assert.Equal(
        """{"connected":true,"generation":7,"models":{"fashion":{"2":"rejected: It is bad.","1":"serving"},"Boats":{"3":"loading"}},"address":"http://127.0.0.1:5080","pid":42}""",
        JsonSerializer.Serialize(ReplicaEntry.Of(Replica, Ready, published: null).Data));

    [Fact]
    public void A_version_that_a_rollout_has_given_it_is_told_from_those_of_all()
    {
        var published = Offers.State((Offers.Fashion, Offers.Published("1") with
        {
            Candidate = new Candidate([Offers.Desired("2")], 7),
            Replicas = new Dictionary<ReplicaId, RolloutPart> { [ReplicaId.Parse("a")] = RolloutPart.Candidate },
        }));
        var proving = Replica with
        {
            Models = new Dictionary<ModelName, IReadOnlyDictionary<ModelVersion, VersionStatus>>
            {
                [Offers.Fashion] = new[] { "1", "2" }.Select(Offers.Desired).ToDictionary(version => version.Version, version => new VersionStatus(version.Identity, AckState.Serving, 7)),
            },
        };
        var entry = ReplicaEntry.Of(proving, Ready, published);
        Assert.Equal("fashion 1 serving, fashion 2 serving (candidate)", entry.Description);
        Assert.Contains("\"2\":\"serving (candidate)\"", JsonSerializer.Serialize(entry.Data), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "http://a", "Model 'fashion' is not loaded yet.", HealthStatus.Unhealthy, "Model 'fashion' is not loaded yet.")]
    [InlineData(false, "http://a", "No answer within 2 s.", HealthStatus.Unhealthy, "No answer within 2 s.")]
    [InlineData(false, "http://a", null, HealthStatus.Degraded, "It is ready, but not connected.")]
    [InlineData(true, null, null, HealthStatus.Degraded, "It gave no address at which it could be asked.")]
    public void Anything_else_is_told_with_the_reason(bool connected, string? address, string? obstacle, HealthStatus status, string reason)
    {
        var entry = ReplicaEntry.Of(Replica with { Connected = connected, Address = address }, new(obstacle, TimeSpan.Zero), published: null);
        Assert.Equal((status, reason), (entry.Status, entry.Description));
    }

    [Fact]
    public void A_replica_that_was_not_asked_yet_is_neither_healthy_nor_dead()
    {
        var entry = ReplicaEntry.Of(Replica, answer: null, published: null);
        Assert.Equal((HealthStatus.Degraded, "It was not asked yet."), (entry.Status, entry.Description));
    }

    [Fact]
    public void A_replica_with_nothing_to_serve_has_nothing_to_say() => Assert.Null(ReplicaEntry.Of(Replica with { Models = Serving() }, Ready, published: null).Description);

    private static Dictionary<ModelName, IReadOnlyDictionary<ModelVersion, VersionStatus>> Serving(params (string Model, long Version, AckState State, string? Reason)[] versions) =>
        versions.GroupBy(version => version.Model).ToDictionary(
            model => ModelName.Parse(model.Key),
            model => (IReadOnlyDictionary<ModelVersion, VersionStatus>)model.ToDictionary(
                version => new ModelVersion(version.Version),
                version => new VersionStatus(Identity.OfManifest("some content"u8), version.State, 7, version.Reason)));
}
