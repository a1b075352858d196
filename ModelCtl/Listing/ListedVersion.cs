using System.Text.Json.Serialization;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Cli.Listing;

/// <summary>A version as <c>modelctl list</c> shows it.</summary>
/// <param name="Version">Null in the flat form until it is published.</param>
/// <param name="Published">When model.json was written; in the flat form when the newest of its blobs was.</param>
/// <param name="Desired">wanted or fallback in what ModelSync published last; null otherwise.</param>
internal sealed record ListedVersion(
    ModelName Model, ModelVersion? Version, VersionState State, int Files, long Bytes, DateTimeOffset? Published, Identity? Identity = null, string? Desired = null);

[JsonConverter(typeof(JsonStringEnumConverter<VersionState>))]
internal enum VersionState
{
    [JsonStringEnumMemberName("committed")] Committed,
    [JsonStringEnumMemberName("incomplete")] Incomplete,
    [JsonStringEnumMemberName("flat")] Flat,
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<ListedVersion>))]
internal sealed partial class ListJson : JsonSerializerContext;
