using System.Text.Json.Serialization;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Repository.Serving;

/// <summary>Which of the committed versions are served; exactly one member is set.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record VersionChoice
{
    public int? Latest { get; init; }

    /// <summary>Named versions; in JSON numbers or strings.</summary>
    [JsonConverter(typeof(VersionListConverter))]
    public IReadOnlyList<ModelVersion>? Only { get; init; }

    public bool? All { get; init; }

    [JsonIgnore]
    public bool IsOne => (Latest is null ? 0 : 1) + (Only is null ? 0 : 1) + (All is true ? 1 : 0) == 1 && All is not false;

    /// <summary>The wanted ones of the committed versions, highest first.</summary>
    public IReadOnlyList<ModelVersion> From(IEnumerable<ModelVersion> committed)
    {
        var descending = committed.OrderDescending();
        if (Only is not null) return [.. descending.Where(Only.Contains)];
        return All is true ? [.. descending] : [.. descending.Take(Latest ?? 1)];
    }
}
