using System.Collections.Frozen;
using System.Diagnostics;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Reloading;

/// <summary>
/// Links requests that a candidate answers to the trace of its rollout, and so what it did while it was held against the version before. They stay traces
/// of their own: there may be thousands a second.
/// </summary>
internal sealed class RolloutLinks(DesiredStateFeed feed)
{
    private volatile Reading _last = new(null);

    /// <summary>Links the span of the request that is being answered; nothing where nobody records it.</summary>
    public void Link(ModelName model, Identity identity)
    {
        if (Activity.Current is not { IsAllDataRequested: true } request || feed.Current is not { } state) return;
        if (_last.State != state) _last = new Reading(state);
        // Messages of one stream share a span.
        if (_last.Rollouts.TryGetValue((model, identity), out var rollout) && request.Links.All(link => link.Context != rollout)) request.AddLink(new ActivityLink(rollout));
    }

    private sealed class Reading(DesiredState? state)
    {
        public DesiredState? State { get; } = state;

        public FrozenDictionary<(ModelName, Identity), ActivityContext> Rollouts { get; } = (state ?? DesiredState.Empty).Models
            .SelectMany(model => model.Value.Proving, (model, version) => (Key: (model.Key, version.Identity), Rollout: ContextOf(model.Value.Candidate?.Traceparent)))
            .Where(proving => proving.Rollout != default)
            .ToFrozenDictionary(proving => proving.Key, proving => proving.Rollout);

        private static ActivityContext ContextOf(string? traceparent) => ActivityContext.TryParse(traceparent, null, isRemote: true, out var rollout) ? rollout : default;
    }
}
