using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Sync.Console;

/// <summary>What came of a form.</summary>
/// <param name="Query">With which the page says it.</param>
public sealed record Notice(string Text, bool IsRefusal = false, string Query = "")
{
    public static Notice Done(string verb, ModelName model) => new(TextOf(verb, model)!, Query: $"?done={verb}&model={model}");

    /// <summary>Anybody can make such an address up: it says nothing but one of these sentences.</summary>
    public static Notice? Of(IQueryCollection query) =>
        ModelName.TryParse(query["model"], out var model) && TextOf(query["done"].ToString(), model) is { } text ? new Notice(text) : null;

    private static string? TextOf(string verb, ModelName model) => verb switch
    {
        "pin" => $"{model} is pinned. It stays at that version until it is unpinned.",
        "unpin" => $"{model} is no longer pinned: its serving.json decides again.",
        "rollback" => $"{model} is rolled back, and pinned to the version before.",
        "pause" => $"Rollouts of {model} are paused. A version that turns out bad is taken back all the same.",
        "resume" => $"Rollouts of {model} go on.",
        "release" => $"The version of {model} is out of quarantine, and is tried once more.",
        _ => null,
    };
}
