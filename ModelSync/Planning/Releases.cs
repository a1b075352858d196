using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Sync.Planning;

/// <summary>What operators want out of quarantine; the next pass takes it, and gives back what it could not publish.</summary>
internal sealed class Releases
{
    private readonly Lock _gate = new();
    private HashSet<(ModelName Model, Identity Identity)> _wished = [];

    public void Add(ModelName model, Identity identity)
    {
        lock (_gate) _wished.Add((model, identity));
    }

    public IReadOnlySet<(ModelName Model, Identity Identity)> Take()
    {
        lock (_gate)
        {
            var taken = _wished;
            _wished = [];
            return taken;
        }
    }
}
