using System.Diagnostics;
using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Telemetry;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Reloading;

/// <summary>One try to bring one version into service, with what is said, counted and remembered of its outcome.</summary>
internal sealed partial class VersionReload(
    DesiredStateFeed feed, ModelCatalog catalog, VersionPreparation preparation, VersionLoader loader, Switchover switchover, AckOutbox acks,
    InferenceMetrics metrics, IOptions<ReloadOptions> options, TimeProvider time, ILogger<VersionReload> logger)
{
    /// <param name="prepared">Called once the version lies there and is about to be loaded.</param>
    public async Task TryAsync(DesiredState state, ModelName name, ModelReload model, ReloadStep step, Action prepared, CancellationToken stopping)
    {
        var (version, wanted) = (step.Load!, state.Models[name]);
        var id = new ModelId(name, version.Version);
        using var activity = Start(state, isFirst: !model.HasFailed(version.Identity));
        activity.Tag(id);
        var started = time.GetTimestamp();
        acks.Report(state.Ack(id, version.Identity, AckState.Loading));

        // What went for another version and comes back is in no document any more.
        var isSpare = !wanted.Held().Contains(version.Identity);
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var watching = feed.OnNewer(Consider);
        if (feed.Current is { } current) Consider(current);
        try
        {
            // It is that of the version which answers by default: an older one beside it, or the fallback, may be from before a change.
            var answersByDefault = (wanted.Shadowed ?? (wanted.Versions is [var first, ..] ? first : null))?.Identity == version.Identity;
            var files = await preparation.PrepareAsync(id, version, abandon.Token);
            model.Prepared(version.Identity);
            prepared();
            if (wanted.Transition == Transition.Memory) await MakeRoomAsync(abandon.Token);
            var loaded = await loader.LoadAsync(files, answersByDefault ? wanted.Signature : null, abandon.Token);
            model.Loaded(loaded, version);
            InferenceTelemetry.Staged("swap", () => switchover.Serve(state, name, model, ReloadPlan.Next(wanted, model.Progress(catalog.Of(name))).Serve, started));
            metrics.Reloaded(name, AckState.Serving, time.GetElapsedTime(started));
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            acks.Report(state.Ack(id, version.Identity, AckState.Unloaded));
        }
        catch (UnfitModelException wrong)
        {
            model.Reject(version, wrong.Message);
            Failed(AckState.Rejected, wrong.Message);
            Log.Rejected(logger, id, wrong.Message);
        }
        // Storage, disk, memory or a bug of ours: what is served stays served, the loop and the other models go on, and the version is tried again.
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            var wait = model.Retry(version.Identity, options.Value);
            Failed(AckState.Retrying, LoadFailure.ReasonOf(failure));
            Log.Retrying(logger, failure, id, wait);
        }

        // Called where the news arrives: what waits for the token must not run there.
        void Consider(DesiredState newer)
        {
            var isWanted = isSpare ? newer.Models.ContainsKey(name) : newer.IdentitiesOf(name).Contains(version.Identity);
            if (!isWanted) _ = abandon.CancelAsync();
        }

        async Task MakeRoomAsync(CancellationToken cancelled)
        {
            if (step.LetGo.Count > 0)
            {
                model.Displace(step.LetGo, version.Identity);
                switchover.Pause(state, name, model, [.. step.Serve.Except(step.LetGo)], id);
            }
            await switchover.DrainAsync(name, cancelled);
        }

        void Failed(AckState outcome, string reason)
        {
            activity?.SetStatus(ActivityStatusCode.Error, reason);
            acks.Report(state.Ack(id, version.Identity, outcome) with { Reason = reason, Seconds = time.GetElapsedTime(started).TotalSeconds });
            metrics.Reloaded(name, outcome, time.GetElapsedTime(started));
        }
    }

    // The first try belongs to the trace of the change. Every further one has its own, linked: retries may go on for days, and a trace must end.
    private static Activity? Start(DesiredState state, bool isFirst)
    {
        var change = state.TraceContext();
        return isFirst || change == default
            ? InferenceTelemetry.Source.StartActivity("reload", ActivityKind.Consumer, change)
            : InferenceTelemetry.Source.StartActivity("reload", ActivityKind.Consumer, default(ActivityContext), links: [new ActivityLink(change)]);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Rejected {Model}: {Reason} What was served before is served on.")]
        public static partial void Rejected(ILogger logger, ModelId model, string reason);

        [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "Could not load {Model}; trying again in {Wait}.")]
        public static partial void Retrying(ILogger logger, Exception failure, ModelId model, TimeSpan wait);
    }
}
