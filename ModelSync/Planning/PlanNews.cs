using System.Text.Json;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Detection;

namespace ModelPlatform.Sync.Planning;

using Models = IReadOnlyDictionary<ModelName, DesiredModel>;

/// <summary>Whether what was planned is worth a new generation.</summary>
internal static class PlanNews
{
    /// <summary>Whether a document with these models would say anything new.</summary>
    public static bool IsNews(Models next, DesiredState? published, RepositorySnapshot seen) => published is null
        ? next.Count > 0 || seen.Models.Keys.Any(model => seen.Wishes?.Unload(model) == true)
        : !AreSame(next, published.Models);

    private static bool AreSame(Models one, Models other) =>
        one.Count == other.Count && one.All(model => other.TryGetValue(model.Key, out var same) && AreSame(model.Value, same));

    // By their JSON: the records hold lists, which compare by reference. Of hundreds of models hardly any has changed, and most have not even been made anew.
    private static bool AreSame(DesiredModel one, DesiredModel other) => HoldSame(one, other) || Json(one).AsSpan().SequenceEqual(Json(other));

    private static bool HoldSame(DesiredModel one, DesiredModel other) =>
        Hold(one.Versions, other.Versions) && Hold(one.Fallback, other.Fallback) && Hold(one.Quarantine, other.Quarantine) && one.Transition == other.Transition
        && ReferenceEquals(one.Signature, other.Signature) && ReferenceEquals(one.Candidate, other.Candidate) && ReferenceEquals(one.Replicas, other.Replicas);

    private static bool Hold<T>(IReadOnlyList<T> one, IReadOnlyList<T> other) where T : class =>
        one.Count == other.Count && one.Zip(other).All(pair => ReferenceEquals(pair.First, pair.Second));

    private static byte[] Json(DesiredModel model) => JsonSerializer.SerializeToUtf8Bytes(model, RepositoryJson.Lines.DesiredModel);
}
