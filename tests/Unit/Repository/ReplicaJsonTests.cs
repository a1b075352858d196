using System.Text.Json;
using System.Text.Json.Nodes;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Unit.Repository;

/// <summary>What travels between replicas and ModelSync, member by member: mixed releases talk to each other.</summary>
public sealed class ReplicaJsonTests
{
    private const string IdentityText = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static readonly ReplicaAck Ack = new()
    {
        Generation = 42,
        Model = ModelName.Parse("fashion"),
        Version = new ModelVersion(2),
        Identity = Identity.Parse(IdentityText),
        State = AckState.Rejected,
        Reason = "golden sample 0 says 'Bag'",
        Seconds = 0.25,
    };

    [Fact]
    public void An_ack_has_the_members_of_the_contract() => AssertJson(
        $$"""
        { "generation": 42, "model": "fashion", "version": "2", "identity": "{{IdentityText}}", "state": "rejected", "reason": "golden sample 0 says 'Bag'", "seconds": 0.25 }
        """,
        JsonSerializer.SerializeToNode(Ack, RepositoryJson.Default.ReplicaAck));

    [Fact]
    public void An_ack_of_a_served_version_tells_its_signature() => AssertJson(
        $$"""
        { "generation": 42, "model": "fashion", "version": "2", "identity": "{{IdentityText}}", "state": "serving",
          "signature": { "inputs": [ { "name": "image", "datatype": "FP32", "rank": 4 } ], "outputs": [] } }
        """,
        JsonSerializer.SerializeToNode(
            Ack with { State = AckState.Serving, Reason = null, Seconds = null, Signature = new ModelSignature([new TensorSignature("image", "FP32", 4)], []) },
            RepositoryJson.Default.ReplicaAck));

    [Theory]
    [InlineData(AckState.Loading, "loading")]
    [InlineData(AckState.Serving, "serving")]
    [InlineData(AckState.Rejected, "rejected")]
    [InlineData(AckState.Retrying, "retrying")]
    [InlineData(AckState.Unloaded, "unloaded")]
    public void States_are_written_and_read_as_words(AckState state, string word)
    {
        var json = JsonSerializer.Serialize(Ack with { State = state }, RepositoryJson.Default.ReplicaAck);
        Assert.Contains($"\"state\": \"{word}\"", json, StringComparison.Ordinal);
        Assert.Equal(Ack with { State = state }, JsonSerializer.Deserialize(json, RepositoryJson.Default.ReplicaAck));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("\"Serving\"")]
    [InlineData("\"served\"")]
    [InlineData("null")]
    public void Other_states_are_refused(string state)
    {
        var json = JsonSerializer.SerializeToNode(Ack, RepositoryJson.Default.ReplicaAck)!;
        json["state"] = JsonNode.Parse(state);
        Assert.Throws<RefusedValueException>(() => json.Deserialize(RepositoryJson.Default.ReplicaAck));
    }

    [Fact]
    public void A_replica_has_the_members_of_the_contract()
    {
        var fashion = new Dictionary<ModelVersion, VersionStatus>
        {
            [new(2)] = new(Identity.Parse(IdentityText), AckState.Rejected, 42, "corrupt", 0.5),
            [new(1)] = new(Identity.Parse(IdentityText), AckState.Serving, 41),
        };
        IReadOnlyList<ReplicaStatus> replicas =
        [
            new("a", true, 42, new Dictionary<ModelName, IReadOnlyDictionary<ModelVersion, VersionStatus>> { [ModelName.Parse("fashion")] = fashion }, "http://127.0.0.1:41001", "http://127.0.0.1:41002", 7),
            new("b", false, 0, new Dictionary<ModelName, IReadOnlyDictionary<ModelVersion, VersionStatus>>()),
        ];
        var json = JsonSerializer.SerializeToNode(replicas, RepositoryJson.Default.IReadOnlyListReplicaStatus);
        AssertJson(
            $$"""
            [ { "id": "a", "address": "http://127.0.0.1:41001", "grpcAddress": "http://127.0.0.1:41002", "pid": 7, "connected": true, "generation": 42,
                "models": { "fashion": { "2": { "identity": "{{IdentityText}}", "state": "rejected", "generation": 42, "reason": "corrupt", "seconds": 0.5 },
                                         "1": { "identity": "{{IdentityText}}", "state": "serving", "generation": 41 } } } },
              { "id": "b", "connected": false, "generation": 0, "models": {} } ]
            """,
            json);
        var read = json.Deserialize(RepositoryJson.Default.IReadOnlyListReplicaStatus)!;
        Assert.Equal(AckState.Serving, read[0].Models[ModelName.Parse("fashion")][new(1)].State);
        Assert.Equal(7, read[0].Pid);
        Assert.Null(read[1].Address);
    }

    [Fact]
    public void An_acks_address_takes_any_replica_id() => Assert.Equal("/v1/replicas/host%2F7%3Fa/acks", SyncRoutes.AcksOf("host/7?a"));

    private static void AssertJson(string expected, JsonNode? actual) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual?.ToJsonString());
}
