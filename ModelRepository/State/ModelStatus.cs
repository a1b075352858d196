using System.Text.Json;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Repository.State;

/// <summary>One model as operators see it: an element of <c>GET /v1/models</c>.</summary>
/// <param name="Versions">What is proved and to be served, highest first; none while it is unloaded.</param>
/// <param name="Candidate">What a rollout brings in; none where none runs.</param>
/// <param name="Replicas">For each version that is wanted, or that a replica has, what replicas say of it.</param>
/// <param name="PinObstacle">Why the pin is not followed and what is served instead, in a sentence.</param>
public sealed record ModelStatus(
    ModelName Model,
    IReadOnlyList<ModelVersion> Versions,
    IReadOnlyList<ModelVersion> Candidate,
    IReadOnlyList<QuarantineStatus> Quarantine,
    IReadOnlyDictionary<ModelVersion, VersionReplicas> Replicas,
    bool Unloaded = false,
    bool Paused = false,
    ModelVersion? Pin = null,
    ModelVersion? Fallback = null,
    string? PinObstacle = null)
{
    /// <summary>Compares what it says: its lists would compare by reference.</summary>
    public bool SaysSameAs(ModelStatus? other) => other is not null && ToLine() == other.ToLine();

    public string ToLine() => JsonSerializer.Serialize(this, RepositoryJson.Lines.ModelStatus);
}

public sealed record QuarantineStatus(ModelVersion Version, Identity Identity, string Reason);

/// <param name="Given">Connected replicas that are to serve it.</param>
/// <param name="States">Connected replicas, by what they last said of exactly this content.</param>
public sealed record VersionReplicas(Identity Identity, IReadOnlyList<string> Given, IReadOnlyDictionary<string, IReadOnlyList<string>> States);

/// <summary>A rollout that runs: an element of <c>GET /v1/rollouts</c>.</summary>
/// <param name="Generation">With which it began.</param>
/// <param name="Given">Connected replicas that have been given the candidate.</param>
/// <param name="Serving">Those of them that serve all of it.</param>
/// <param name="Waiting">Connected replicas that serve what was there before.</param>
/// <param name="Shadowing">Those of the waiting that run the candidate too, to compare it with what they serve.</param>
public sealed record RolloutStatus(
    ModelName Model,
    IReadOnlyList<ModelVersion> From,
    IReadOnlyList<ModelVersion> To,
    long Generation,
    IReadOnlyList<string> Given,
    IReadOnlyList<string> Serving,
    IReadOnlyList<string> Waiting,
    IReadOnlyList<string> Shadowing,
    bool Paused = false,
    string? Traceparent = null);
