using System.Text.Json;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>The body of a load or unload: empty, or an object whose parameters may only ask for what happens anyway.</summary>
internal static class LoadReader
{
    /// <exception cref="InferenceFault">It is no such object, or brings a configuration or files of its own.</exception>
    public static void Require(ReadOnlyMemory<byte> body, int maxDepth)
    {
        if (body.IsEmpty) return;
        using var json = JsonText.ObjectOf(body, maxDepth);
        if (!json.RootElement.TryGetProperty("parameters", out var parameters)) return;
        if (parameters.ValueKind != JsonValueKind.Object) throw JsonText.Wrong("parameters must be an object.");
        foreach (var parameter in parameters.EnumerateObject()) Require(parameter.Name);
    }

    /// <exception cref="InferenceFault">The parameter asks for something that does not happen.</exception>
    public static void Require(string parameter)
    {
        // No model here depends on another.
        if (parameter != "unload_dependents")
            throw JsonText.Wrong($"parameter '{Quoted.Of(parameter)}' is not taken: what a model is, its published version says.");
    }
}
