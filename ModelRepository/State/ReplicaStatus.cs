using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Repository.State;

/// <summary>One replica as ModelSync knows it: an element of <c>GET /v1/replicas</c>.</summary>
/// <param name="Address">Where the replica itself answers over HTTP, past any proxy or Service.</param>
/// <param name="Generation">The newest generation that the replica has acknowledged.</param>
/// <param name="Models">For each model what the replica last said of each version.</param>
public sealed record ReplicaStatus(
    string Id,
    bool Connected,
    long Generation,
    IReadOnlyDictionary<ModelName, IReadOnlyDictionary<ModelVersion, VersionStatus>> Models,
    string? Address = null,
    string? GrpcAddress = null,
    int? Pid = null);

public sealed record VersionStatus(Identity Identity, AckState State, long Generation, string? Reason = null, double? Seconds = null, VersionCalls? Calls = null, ShadowCalls? Shadow = null);
