using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Reloading;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Shadowing;

/// <summary>Which versions run in the shadow of others. Its reload loop is the only writer; what they have done so far is read at any time.</summary>
internal sealed class Shadows(ModelCatalog catalog, AckOutbox acks)
{
    private readonly Dictionary<ModelName, Shadow> _running = [];
    private volatile IReadOnlyList<Shadow> _all = [];

    public IEnumerable<(ModelId Id, Identity Identity, ShadowCalls Calls)> Calls => _all.Select(shadow => (shadow.Model.Id, shadow.Model.Identity, shadow.Run.Calls));

    /// <summary>Begins and ends what is wanted by now. One that is to answer from now on stays in memory; any other one goes.</summary>
    public async Task FollowAsync(DesiredState state, ModelName name, DesiredModel? wanted, ModelReload model)
    {
        var shadowed = wanted?.Shadowed is { } version ? VersionKey.Of(version) : null;
        if (_running.TryGetValue(name, out var running) && running.Key != shadowed) await EndAsync(name, running, wanted, model);
        if (shadowed is null || catalog.Of(name) is not [var answering, ..]) return;

        if (!_running.TryGetValue(name, out running))
        {
            if (model.Find(shadowed) is not { } loaded) return;
            running = _running[name] = new Shadow(shadowed, loaded, new ShadowRun(loaded, wanted!.Candidate!.Shadow!));
            _all = [.. _running.Values];
            acks.Report(state.Ack(loaded.Id, loaded.Identity, AckState.Shadowing) with { Signature = loaded.Signature });
        }
        answering.Runners.Tap = running.Run.Offer;
    }

    private async Task EndAsync(ModelName name, Shadow shadow, DesiredModel? wanted, ModelReload model)
    {
        foreach (var answering in catalog.Of(name)) answering.Runners.Tap = null;
        _running.Remove(name);
        _all = [.. _running.Values];
        await shadow.Run.DisposeAsync();
        if (wanted.Identities().Contains(shadow.Model.Identity)) return;
        model.Retired(shadow.Model);
        shadow.Model.Release();
        await shadow.Model.DisposeAsync();
    }

    private sealed record Shadow(VersionKey Key, LoadedModel Model, ShadowRun Run);
}
