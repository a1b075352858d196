using System.Collections.Frozen;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Models;

/// <summary>
/// What this replica serves. Readers see one immutable snapshot; the reload loop, the only writer, exchanges it whole.
/// </summary>
internal sealed class ModelCatalog
{
    private volatile FrozenDictionary<ModelName, LoadedModel[]> _served = FrozenDictionary<ModelName, LoadedModel[]>.Empty;

    public IEnumerable<ModelName> Names => _served.Keys.Order();

    /// <summary>The served versions of a model, the one that answers by default first; empty where there is none.</summary>
    public IReadOnlyList<LoadedModel> Of(ModelName name) => _served.TryGetValue(name, out var versions) ? versions : [];

    /// <exception cref="InferenceFault">The model or the version is not served here.</exception>
    public ModelLease Acquire(string model, string? version = null)
    {
        if (!ModelName.TryParse(model, out var name)) throw Unknown($"Model '{Quoted.Of(model)}' is not served here.");
        ModelVersion? wanted = null;
        if (version is not null)
        {
            if (!ModelVersion.TryParse(version, out var number)) throw Unknown($"'{Quoted.Of(version)}' is not a version.");
            wanted = number;
        }

        // A version found in the snapshot may be retired before it is held: look again, the successor is there by then.
        while (true)
        {
            var versions = Of(name);
            if (versions.Count == 0) throw Unknown($"Model '{name}' is not served here.");
            var found = wanted is null ? versions[0] : versions.FirstOrDefault(candidate => candidate.Id.Version == wanted)
                ?? throw Unknown($"Version {wanted} of model '{name}' is not served here; {string.Join(", ", versions.Select(served => served.Id.Version))} is.");
            if (found.TryHold()) return new ModelLease(found);
        }
    }

    /// <summary>Serves exactly these versions of a model from now on and lets go of the others.</summary>
    /// <returns>Those that were served until now and are not any more.</returns>
    public IReadOnlyList<LoadedModel> Replace(ModelName name, IReadOnlyList<LoadedModel> versions)
    {
        var before = Of(name);
        var next = _served.ToDictionary();
        if (versions.Count > 0) next[name] = [.. versions];
        else next.Remove(name);
        _served = next.ToFrozenDictionary();

        var retired = before.Except(versions).ToList();
        foreach (var model in retired) model.Release();
        return retired;
    }

    private static InferenceFault Unknown(string reason) => new(FaultKind.UnknownModel, reason);
}
