using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Planning;

/// <summary>What operators want out of quarantine: a wish stays until what is published has fulfilled it.</summary>
internal sealed class Releases
{
    private readonly Lock _gate = new();
    private readonly HashSet<(ModelName Model, Identity Identity)> _wished = [];

    public void Add(ModelName model, Identity identity)
    {
        lock (_gate) _wished.Add((model, identity));
    }

    /// <summary>At the begin of a term: what was wished of an earlier one may be answered since, and must not come true days later.</summary>
    public void Forget()
    {
        lock (_gate) _wished.Clear();
    }

    /// <summary>What is published, without what is released; wishes that it has fulfilled are over.</summary>
    public DesiredState? ApplyTo(DesiredState? published)
    {
        lock (_gate)
        {
            if (published is null || _wished.Count == 0) return published;
            _wished.RemoveWhere(wish => published.Models.GetValueOrDefault(wish.Model)?.Quarantine.Any(held => held.Version.Identity == wish.Identity) != true);
            return published with { Models = published.Models.ToDictionary(model => model.Key, model => Without(model.Key, model.Value)) };
        }
    }

    private DesiredModel Without(ModelName name, DesiredModel model) =>
        model with { Quarantine = [.. model.Quarantine.Where(held => !_wished.Contains((name, held.Version.Identity)))] };
}
