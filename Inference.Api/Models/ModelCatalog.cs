using System.Collections.Frozen;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Models;

/// <summary>
/// What this replica serves. Readers see one immutable snapshot; the reload loop, the only writer, exchanges it whole.
/// </summary>
internal sealed class ModelCatalog
{
    private volatile FrozenDictionary<ModelName, Slot> _slots = FrozenDictionary<ModelName, Slot>.Empty;

    public IEnumerable<ModelName> Names => _slots.Where(slot => slot.Value.Versions.Count > 0).Select(slot => slot.Key).Order();

    /// <summary>The served versions of a model, the one that answers by default first; empty where there is none.</summary>
    public IReadOnlyList<LoadedModel> Of(ModelName name) => SlotOf(name).Versions;

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
            var (versions, pause) = SlotOf(name);
            if (versions.Count == 0 && pause is not null) throw new InferenceFault(FaultKind.NotReady, pause);
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
        var (before, pause) = SlotOf(name);
        Put(name, new Slot([.. versions], versions.Count > 0 ? null : pause));
        var retired = before.Except(versions).ToList();
        foreach (var model in retired) model.Release();
        return retired;
    }

    /// <summary>Whoever asks while no version is served is told to come again, and why, until one is or the pause ends.</summary>
    public void Pause(ModelName name, string reason) => Put(name, SlotOf(name) with { Pause = reason });

    public void EndPause(ModelName name)
    {
        if (SlotOf(name) is { Pause: not null } slot) Put(name, slot with { Pause = null });
    }

    private Slot SlotOf(ModelName name) => _slots.TryGetValue(name, out var slot) ? slot : Slot.Empty;

    private void Put(ModelName name, Slot slot)
    {
        var next = _slots.ToDictionary();
        if (slot is { Versions.Count: 0, Pause: null }) next.Remove(name);
        else next[name] = slot;
        _slots = next.ToFrozenDictionary();
    }

    private static InferenceFault Unknown(string reason) => new(FaultKind.UnknownModel, reason);

    private sealed record Slot(IReadOnlyList<LoadedModel> Versions, string? Pause)
    {
        public static readonly Slot Empty = new([], null);
    }
}
