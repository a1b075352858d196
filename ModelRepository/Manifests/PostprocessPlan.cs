using System.Text.Json.Serialization;

namespace ModelPlatform.Repository.Manifests;

/// <summary>How class scores become predictions. Without <see cref="Softmax"/> it is applied unless the graph ends in one.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PostprocessPlan
{
    public const int DefaultTopK = 5;

    public bool? Softmax { get; init; }

    /// <summary>Predictions in an answer; 1 to 1000.</summary>
    public int TopK { get; set; } = DefaultTopK;
}
