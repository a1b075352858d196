using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Shadowing;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Reloading;

/// <summary>
/// Brings this replica to the desired state: looks at the whole of it, takes one step after the other, waits for the next hint. It is the only
/// writer of the catalog and the only one that disposes sessions.
/// </summary>
internal sealed partial class ReloadLoop(
    DesiredStateFeed feed, ModelCatalog catalog, VersionReload reload, Switchover switchover, Shadows shadows, AckOutbox acks, ReadinessBoard readiness,
    IOptions<ReloadOptions> options, TimeProvider time, ILogger<ReloadLoop> logger) : BackgroundService
{
    private readonly Dictionary<ModelName, ModelReload> _models = [];
    private long? _answeredFor;

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var wait = await TryPassAsync(stopping) ? NextLook() : options.Value.RetryMost;
            await feed.Changed.WaitAsync(wait, stopping);
        }
    }

    private async Task<bool> TryPassAsync(CancellationToken stopping)
    {
        try
        {
            if (feed.Current is { } state) await ReconcileAsync(state, stopping);
            // Whatever came of it, and of what is wanted by now.
            if (feed.Current is { } wanted) switchover.MakeRoom(wanted);
            await switchover.DisposeDrainedAsync();
            return true;
        }
#pragma warning disable CA1031 // A bug of ours, or whatever a stop breaks off. The process must not end for it: what is served is good.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            if (!stopping.IsCancellationRequested) Log.Failed(logger, bug);
            return false;
        }
    }

    private async Task ReconcileAsync(DesiredState state, CancellationToken stopping)
    {
        foreach (var name in state.Models.Keys.Union(_models.Keys).ToList())
        {
            var wanted = state.Models.GetValueOrDefault(name);
            if (!_models.TryGetValue(name, out var model)) _models[name] = model = new ModelReload(time);
            model.Forget(wanted);
            await shadows.FollowAsync(state, name, wanted, model);

            for (var step = Step(); ; step = Step())
            {
                switchover.Serve(state, name, model, step.Serve);
                switchover.Tidy(state, model, wanted?.Shadowed is { } shadowed ? [.. step.Serve, VersionKey.Of(shadowed)] : step.Serve);
                Report(state);
                if (step.Load is null) break;
                await reload.TryAsync(state, name, model, step, () => Report(state), stopping);

                // Newer wishes may make the rest of this pass pointless; the signal is raised already.
                if (feed.Current != state) return;
            }
            await shadows.FollowAsync(state, name, wanted, model);
            catalog.EndPause(name);
            if (wanted is null && model.IsEmpty) _models.Remove(name);

            ReloadStep Step() => ReloadPlan.Next(wanted, model.Progress(catalog.Of(name)));
        }
        Report(state);
        AnswerFor(state);
    }

    private void Report(DesiredState state) =>
        readiness.Report([.. state.Models.Select(model => Standing(model.Key, model.Value, _models.GetValueOrDefault(model.Key)))]);

    private ModelStanding Standing(ModelName name, DesiredModel wanted, ModelReload? model) => new(
        name,
        catalog.Of(name).Count > 0,
        model is not null && wanted.Identities().All(identity => model.RejectionOf(identity) is not null),
        model?.RetryingSince);

    // A generation may change nothing for a version that an earlier one brought: it is acknowledged all the same, once.
    private void AnswerFor(DesiredState state)
    {
        if (_answeredFor == state.Generation) return;
        _answeredFor = state.Generation;
        acks.Withdraw(state);
        foreach (var (name, wanted) in state.Models)
        {
            foreach (var served in catalog.Of(name)) acks.Confirm(state.Ack(served.Id, served.Identity, AckState.Serving) with { Signature = served.Signature });
            foreach (var version in wanted.Shadowed is null ? wanted.Versions : [.. wanted.Versions, wanted.Shadowed])
            {
                if (_models[name].RejectionOf(version.Identity) is { } reason)
                    acks.Confirm(state.Ack(new ModelId(name, version.Version), version.Identity, AckState.Rejected) with { Reason = reason });
            }
        }
    }

    private TimeSpan NextLook() =>
        _models.Values.Select(model => model.NextTry()).OfType<TimeSpan>().Append(options.Value.ResyncEvery).Min();

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "A pass of the reload loop failed. What is served is served on.")]
        public static partial void Failed(ILogger logger, Exception bug);
    }
}
