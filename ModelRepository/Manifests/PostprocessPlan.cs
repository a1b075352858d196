using System.Text.Json.Serialization;

namespace ModelPlatform.Repository.Manifests;

/// <summary>How class scores become predictions. Without <see cref="Softmax"/> it is applied unless the graph ends in one.</summary>
/// <param name="TopK">Predictions in an answer; 1 to 1000.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PostprocessPlan(int TopK = PostprocessPlan.DefaultTopK)
{
    public const int DefaultTopK = 5;

    public bool? Softmax { get; init; }
}
