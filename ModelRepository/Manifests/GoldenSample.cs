using System.Text.Json.Serialization;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Repository.Manifests;

/// <summary>
/// A sample that a version must get right before it is served. Either a picture with the label that must come first, or tensors
/// (raw little-endian values, row-major) with the outputs that must be met within the tolerance.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GoldenSample
{
    public FilePath? Image { get; init; }

    public string? Label { get; init; }

    /// <summary>The least probability of the label; 0 to 1.</summary>
    public double AtLeast { get; init; }

    public IReadOnlyDictionary<string, FilePath>? Inputs { get; init; }

    public IReadOnlyDictionary<string, FilePath>? Outputs { get; init; }

    /// <summary>The largest allowed absolute difference of any element.</summary>
    public double Tolerance { get; set; } = 1e-4;

    [JsonIgnore]
    public IEnumerable<FilePath> Files => [.. Image is null ? [] : (FilePath[])[Image], .. Inputs?.Values ?? [], .. Outputs?.Values ?? []];
}
