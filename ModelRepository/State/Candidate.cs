using System.Text.Json.Serialization;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Serving;

namespace ModelPlatform.Repository.State;

/// <summary>What a stepwise rollout brings in, in place of a model's versions.</summary>
/// <param name="Versions">Highest first; what is new among them is what is being proved.</param>
/// <param name="Generation">With which it began: what replicas said before that is of an earlier try.</param>
/// <param name="Traceparent">W3C trace context of the change that led to it: every step belongs to that trace.</param>
public sealed record Candidate(IReadOnlyList<DesiredVersion> Versions, long Generation, string? Traceparent = null)
{
    /// <summary>How replicas compare it while it is a shadow.</summary>
    public ShadowPlan? Shadow { get; init; }
}

/// <summary>What a replica gets of a model while a rollout runs.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<RolloutPart>))]
public enum RolloutPart
{
    /// <summary>The candidate, in place of the model's versions.</summary>
    Candidate,

    /// <summary>The model's versions, and the candidate in their shadow.</summary>
    Shadow,
}

/// <summary>A version that failed on a replica and is given to none, until its blobs change or an operator releases it.</summary>
/// <param name="Reason">Who found what.</param>
public sealed record QuarantinedVersion(DesiredVersion Version, string Reason)
{
    /// <summary>Whether it is exactly this content: model.json may have been right all along, and a file under it written again.</summary>
    public bool Holds(DesiredVersion offered) => offered.Identity == Version.Identity && offered.Files.Count == Version.Files.Count
        && offered.Files.All(file => Version.Files.TryGetValue(file.Key, out var held) && held.Etag == file.Value.Etag);
}
