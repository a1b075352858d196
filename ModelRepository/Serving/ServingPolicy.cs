using System.Text.Json.Serialization;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Repository.Serving;

/// <summary>A model's serving.json: which versions to serve and how to bring them out. Without the file, the latest one.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ServingPolicy
{
    public const int MaxBytes = 1 << 16;

    private static readonly VersionChoice LatestOnly = new() { Latest = 1 };

    public static ServingPolicy Default { get; } = new();

    public VersionChoice Versions { get; init => field = Absent.Or(value, LatestOnly); } = LatestOnly;

    public RolloutPlan Rollout { get; init => field = Absent.Or(value, new()); } = new();

    public Transition Transition { get; init; } = Transition.Availability;

    /// <exception cref="InvalidDocumentException">Names the member and the reason.</exception>
    public static ServingPolicy Parse(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaxBytes) throw Wrong("", $"It is larger than {MaxBytes} bytes.");
        var policy = Documents.Read(RepositoryLayout.ServingName, json, RepositoryJson.Default.ServingPolicy);
        if (!policy.Versions.IsOne) throw Wrong("versions", "It must have exactly one of 'latest', 'only' and 'all'.");
        if (policy.Versions.Latest is < 1 or > 100) throw Wrong("versions.latest", "It must lie between 1 and 100.");
        if (policy.Versions.Only is { Count: 0 }) throw Wrong("versions.only", "It must name at least one version.");
        if (policy.Rollout.Problem() is var (member, reason)) throw Wrong(member, reason);
        if (policy is { Rollout.Shadow: not null, Transition: Transition.Memory }) throw Wrong("rollout.shadow", "It needs both versions in memory, which a transition of 'memory' excludes.");
        return policy;
    }

    private static InvalidDocumentException Wrong(string member, string reason) => new(RepositoryLayout.ServingName, member, reason);
}

[JsonConverter(typeof(CamelCaseEnumConverter<Transition>))]
public enum Transition
{
    /// <summary>Load the new version before the old one goes: both are in memory for a while.</summary>
    Availability,

    /// <summary>Let the old version go first: for models of which two do not fit into memory.</summary>
    Memory,
}
