using System.Diagnostics;
using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Telemetry;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Reloading;

/// <summary>
/// Brings this replica to the desired state: looks at the whole of it, takes one step after the other, waits for the next hint. It is the only
/// writer of the catalog and the only one that disposes sessions.
/// </summary>
internal sealed partial class ReloadLoop(
    DesiredStateFeed feed, ModelCatalog catalog, VersionLoader loader, VersionCache cache, AckOutbox acks, ReadinessBoard readiness,
    InferenceMetrics metrics, IOptions<ReloadOptions> options, TimeProvider time, ILogger<ReloadLoop> logger) : BackgroundService
{
    private readonly Dictionary<ModelName, ModelReload> _models = [];
    private readonly List<LoadedModel> _retired = [];

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            if (feed.Current is { } state) await ReconcileAsync(state, stopping);
            DisposeDrained();
            await feed.Changed.WaitAsync(NextLook(), stopping);
        }
    }

    private async Task ReconcileAsync(DesiredState state, CancellationToken stopping)
    {
        foreach (var name in state.Models.Keys.Union(_models.Keys).ToList())
        {
            var wanted = state.Models.GetValueOrDefault(name);
            if (!_models.TryGetValue(name, out var model)) _models[name] = model = new ModelReload(time);
            model.Forget(Identities(wanted));

            for (var step = Step(); ; step = Step())
            {
                Serve(state, name, model, step.Serve);
                Report(state);
                if (step.Load is null) break;
                await LoadAsync(state, name, model, step.Load, stopping);

                // Newer wishes may make the rest of this pass pointless; the signal is raised already.
                if (feed.Current != state) return;
            }
            if (wanted is null && model.IsEmpty) _models.Remove(name);

            ReloadStep Step() => ReloadPlan.Next(wanted, model.Progress(catalog.Of(name)));
        }
        Report(state);
    }

    private async Task LoadAsync(DesiredState state, ModelName name, ModelReload model, DesiredVersion version, CancellationToken stopping)
    {
        var id = new ModelId(name, version.Version);
        using var activity = InferenceTelemetry.Source.StartActivity("reload", ActivityKind.Consumer, ParentOf(state));
        activity.Tag(id);
        var started = time.GetTimestamp();
        acks.Report(Ack(state, id, version.Identity, AckState.Loading));

        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var watching = feed.OnNewer(newer =>
        {
            if (!Identities(newer.Models.GetValueOrDefault(name)).Contains(version.Identity)) abandon.Cancel();
        });
        try
        {
            var wanted = state.Models[name];
            // It is that of the version which answers by default: an older one beside it, or the fallback, may be from before a change.
            var answersByDefault = wanted.Versions is [var first, ..] && first.Identity == version.Identity;
            var loaded = await loader.LoadAsync(name, version, answersByDefault ? wanted.Signature : null, abandon.Token);
            model.Loaded(loaded);
            InferenceTelemetry.Staged("swap", () => Serve(state, name, model, ReloadPlan.Next(wanted, model.Progress(catalog.Of(name))).Serve, started));
            metrics.Reloaded(name, AckState.Serving, time.GetElapsedTime(started));
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
            acks.Report(Ack(state, id, version.Identity, AckState.Unloaded));
        }
        catch (UnfitModelException wrong)
        {
            model.Reject(version.Identity, wrong.Message);
            Failed(AckState.Rejected, wrong.Message);
            Log.Rejected(logger, id, wrong.Message);
        }
        // Storage, disk, memory or a bug of ours: what is served stays served, this loop and the other models go on, and the version is tried again.
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            var wait = model.Retry(version.Identity, options.Value);
            Failed(AckState.Retrying, ReasonOf(failure));
            Log.Retrying(logger, failure, id, wait);
        }

        void Failed(AckState outcome, string reason)
        {
            activity?.SetStatus(ActivityStatusCode.Error, reason);
            acks.Report(Ack(state, id, version.Identity, outcome) with { Reason = reason, Seconds = time.GetElapsedTime(started).TotalSeconds });
            metrics.Reloaded(name, outcome, time.GetElapsedTime(started));
        }
    }

    private void Serve(DesiredState state, ModelName name, ModelReload model, IReadOnlyList<VersionKey> serve, long? started = null)
    {
        var before = catalog.Of(name);
        if (before.Select(served => new VersionKey(served.Id.Version, served.Identity)).SequenceEqual(serve)) return;

        var next = model.Pick(serve).ToList();
        foreach (var retired in catalog.Replace(name, next))
        {
            model.Retired(retired);
            _retired.Add(retired);
            retired.Drained.ContinueWith(_ => feed.Changed.Raise(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            if (next.All(served => served.Id != retired.Id)) acks.Report(Ack(state, retired.Id, retired.Identity, AckState.Unloaded));
            Log.Retired(logger, retired.Id);
        }
        foreach (var served in next.Except(before))
        {
            var seconds = started is null ? (double?)null : time.GetElapsedTime(started.Value).TotalSeconds;
            acks.Report(Ack(state, served.Id, served.Identity, AckState.Serving) with { Seconds = seconds, Signature = served.Signature });
            Log.Serving(logger, served.Id, seconds ?? 0);
        }
        cache.Trim(state.Models.Values.SelectMany(Identities).ToHashSet());
    }

    private void Report(DesiredState state) =>
        readiness.Report([.. state.Models.Select(model => Standing(model.Key, model.Value, _models.GetValueOrDefault(model.Key)))]);

    private ModelStanding Standing(ModelName name, DesiredModel wanted, ModelReload? model) => new(
        name,
        catalog.Of(name).Count > 0,
        model is not null && Identities(wanted).All(model.Rejected.ContainsKey),
        model?.RetryingSince);

    private void DisposeDrained()
    {
        foreach (var model in _retired.Where(model => model.Drained.IsCompleted).ToList())
        {
            model.Dispose();
            _retired.Remove(model);
        }
    }

    private TimeSpan NextLook() =>
        _models.Values.Select(model => model.NextTry()).OfType<TimeSpan>().Append(options.Value.ResyncEvery).Min();

    private static ReplicaAck Ack(DesiredState state, ModelId id, Identity identity, AckState outcome) =>
        new() { Generation = state.Generation, Model = id.Name, Version = id.Version, Identity = identity, State = outcome };

    private static HashSet<Identity> Identities(DesiredModel? wanted) =>
        wanted is null ? [] : [.. wanted.Versions.Concat(wanted.Fallback).Select(version => version.Identity)];

    private static ActivityContext ParentOf(DesiredState state) =>
        ActivityContext.TryParse(state.Traceparent, null, isRemote: true, out var parent) ? parent : default;

    private static string ReasonOf(Exception failure) => failure switch
    {
        Azure.RequestFailedException { Status: 404 } => "Blob storage: a file of the version is missing (404).",
        Azure.RequestFailedException { Status: 412 } => "Blob storage: a file of the version was changed since it was resolved (412).",
        Azure.RequestFailedException request => $"Blob storage: {request.ErrorCode ?? "no answer"} ({request.Status}).",
        IOException disk => $"Disk: {disk.GetType().Name}.",
        OutOfMemoryException => "Not enough memory.",
        _ => $"{failure.GetType().Name} while loading.",
    };

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Serving {Model} after {Seconds:0.000} s.")]
        public static partial void Serving(ILogger logger, ModelId model, double seconds);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Not serving {Model} any more.")]
        public static partial void Retired(ILogger logger, ModelId model);

        [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "Rejected {Model}: {Reason} What was served before is served on.")]
        public static partial void Rejected(ILogger logger, ModelId model, string reason);

        [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "Could not load {Model}; trying again in {Wait}.")]
        public static partial void Retrying(ILogger logger, Exception failure, ModelId model, TimeSpan wait);
    }
}
