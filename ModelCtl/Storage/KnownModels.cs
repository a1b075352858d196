using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Storage;

namespace ModelPlatform.Cli.Storage;

internal static class KnownModels
{
    /// <summary>A wish for a model that is neither in the repository nor published nor wished for is a slip of the keyboard.</summary>
    public static async Task RequireAsync(ModelStorage storage, ModelName model, CancellationToken cancelled)
    {
        var blobs = await StoredBlob.ListAsync(storage.Container, null, cancelled);
        var published = await storage.Container.DesiredStateAsync(cancelled).OrToldAsync();
        var (overrides, _) = await storage.Container.OverridesAsync(cancelled);
        var known = blobs.Owners().Concat(published?.Models.Keys ?? []).Concat(overrides.Models.Keys).Distinct().Order().ToList();
        if (!known.Contains(model)) throw Unknown(model, known);
    }

    public static CommandFailure Unknown(ModelName model, IReadOnlyCollection<ModelName> known) =>
        new(ExitCode.Failed, $"There is no model '{model}'. {(known.Count == 0 ? "There are none yet." : $"There are: {string.Join(", ", known)}.")}");
}
