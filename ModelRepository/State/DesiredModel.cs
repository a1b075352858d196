using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;

namespace ModelPlatform.Repository.State;

/// <summary>The wanted versions of one model, highest first, and what to serve where they turn out bad.</summary>
public sealed record DesiredModel
{
    public required IReadOnlyList<DesiredVersion> Versions { get; init; }

    /// <summary>The last version known good that is not wanted any more; empty or one.</summary>
    public IReadOnlyList<DesiredVersion> Fallback { get; set; } = [];

    public Transition Transition { get; set; } = Transition.Availability;

    /// <summary>What every version must take and give, from the first version's acks; null until one was served.</summary>
    public ModelSignature? Signature { get; init; }
}
