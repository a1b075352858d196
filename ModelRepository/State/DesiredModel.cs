using System.Text.Json.Serialization;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;

namespace ModelPlatform.Repository.State;

/// <summary>The wanted versions of one model, highest first, and what to serve where they turn out bad.</summary>
public sealed record DesiredModel
{
    public required IReadOnlyList<DesiredVersion> Versions { get; init; }

    /// <summary>The last version known good that is not wanted any more; empty or one.</summary>
    public IReadOnlyList<DesiredVersion> Fallback { get; init => field = Absent.Or(value, []); } = [];

    public Transition Transition { get; init; } = Transition.Availability;

    /// <summary>What every version must take and give, from the first version's acks; null until one was served.</summary>
    public ModelSignature? Signature { get; init; }

    /// <summary>What a stepwise rollout brings in; null where none runs.</summary>
    public Candidate? Candidate { get; init; }

    /// <summary>Who gets what while a rollout runs. Replicas that are not named keep to <see cref="Versions"/>, new ones among them.</summary>
    public IReadOnlyDictionary<ReplicaId, RolloutPart> Replicas { get; init => field = Absent.Or(value, NoReplicas); } = NoReplicas;

    /// <summary>Versions that failed, with the reason.</summary>
    public IReadOnlyList<QuarantinedVersion> Quarantine { get; init => field = Absent.Or(value, []); } = [];

    /// <summary>Of one replica's part (<see cref="For"/>): what it is to run in the shadow of its versions.</summary>
    [JsonIgnore]
    public DesiredVersion? Shadowed { get; private init; }

    /// <summary>Of one replica's part (<see cref="For"/>): what it serves so that it is seen how that does.</summary>
    [JsonIgnore]
    public IReadOnlyList<DesiredVersion> Proving { get; private init; } = [];

    /// <summary>Whether nobody is to serve anything of it: it is there for its quarantine, which outlives an unload.</summary>
    [JsonIgnore]
    public bool IsIdle => Versions.Count == 0 && Fallback.Count == 0 && Candidate is null;

    public static IReadOnlyDictionary<ReplicaId, RolloutPart> NoReplicas { get; } = new Dictionary<ReplicaId, RolloutPart>();

    /// <summary>What is new in the candidate; empty where there is none.</summary>
    [JsonIgnore]
    public IReadOnlyList<DesiredVersion> Proved => Candidate is null ? [] : NewIn(Candidate.Versions);

    /// <summary>Every version that has a part in it.</summary>
    [JsonIgnore]
    public IEnumerable<DesiredVersion> Named =>
        Versions.Concat(Fallback).Concat(Candidate?.Versions ?? []).Concat(Quarantine.Select(refused => refused.Version));

    /// <summary>What nobody has served before. What is published or was good before needs no proof: the way back must be short.</summary>
    public IReadOnlyList<DesiredVersion> NewIn(IReadOnlyList<DesiredVersion> wanted) =>
        [.. wanted.Where(version => Versions.Concat(Fallback).All(known => known.Identity != version.Identity))];

    /// <summary>
    /// What one replica is to serve. One that has the candidate falls back to what the others serve; one that has not takes it only where nothing else
    /// can be had: blobs at the root that were overwritten are gone.
    /// </summary>
    public DesiredModel For(ReplicaId replica)
    {
        if (Candidate is null) return this;
        if (Replicas.TryGetValue(replica, out var part))
        {
            return part == RolloutPart.Shadow
                ? this with { Shadowed = Proved is [var shadow, ..] ? shadow : null }
                : this with { Versions = Candidate.Versions, Fallback = [.. Versions.Concat(Fallback)], Proving = Proved };
        }
        return Versions.Any(version => version.IsFlat) ? this with { Fallback = [.. Fallback, .. Candidate.Versions] } : this;
    }

    /// <summary>Without what it says of other replicas; null: of any.</summary>
    public DesiredModel About(ReplicaId? replica) => this with
    {
        Replicas = replica is not null && Replicas.TryGetValue(replica, out var part) ? new Dictionary<ReplicaId, RolloutPart> { [replica] = part } : NoReplicas,
    };
}
