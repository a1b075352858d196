using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Batching;
using ModelPlatform.Inference.Classification;
using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Images;
using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Telemetry;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Reloading;

/// <summary>Takes a prepared version into memory and through what it must prove before it may be seen: load, signature, warm, golden samples.</summary>
internal sealed partial class VersionLoader(
    OptimizedGraphs graphs, IOptions<ReloadOptions> reload, IOptions<ExecutionOptions> execution, IOptions<BatchingOptions> batching, IOptions<ImageOptions> images,
    InferenceMetrics metrics, TimeProvider time, ILogger<BatchRunners> runs, ILogger<VersionLoader> logger)
{
    /// <exception cref="UnfitModelException">The content is wrong: final for this identity.</exception>
    public async Task<LoadedModel> LoadAsync(PreparedVersion version, ModelSignature? expected, CancellationToken cancelled)
    {
        var shape = RunShape.Of(version.Verified.Manifest.Execution, execution.Value, Environment.ProcessorCount);
        var setup = new SessionSetup(shape.Threads) { Providers = ExecutionProviders.Of(execution.Value.Providers) };
        var started = time.GetTimestamp();
        // A session of several threads begins them when it is loaded; they are to compute with the priority of all others.
        var session = await (shape.Threads == 1 ? YieldingThread.RunAsync(Load, cancelled) : YieldingThread.OnThreadOfItsOwn(Load, cancelled));
        metrics.Loaded(version.Id.Name, time.GetElapsedTime(started));

        LoadedModel? model = null;
        using var limit = new CancellationTokenSource(reload.Value.ProveTimeout, time);
        using var proving = CancellationTokenSource.CreateLinkedTokenSource(cancelled, limit.Token);
        try
        {
            var (classifier, window) = await YieldingThread.RunAsync(() => Interpret(version, session, proving.Token), proving.Token);
            var admission = new Admission(shape.AtOnce, execution.Value.MaxWaiting, $"model '{version.Id.Name}'");
            var runners = new BatchRunners(version.Id, session.Run, window, shape.AtOnce, metrics, time, runs);
            model = new LoadedModel(version.Id, version.Identity, session, classifier, admission, runners, metrics.Reside(version.Id.Name));
            await ProveAsync(model, version, expected, proving.Token);
            return model;
        }
        catch (Exception failure)
        {
            if (model is not null) await model.DisposeAsync();
            else session.Dispose();
            if (failure is not OperationCanceledException || cancelled.IsCancellationRequested || !limit.IsCancellationRequested) throw;
            throw new UnfitModelException($"What it had to prove took longer than {reload.Value.ProveTimeout} (Reload:ProveTimeout): a run of it does not end, or not soon enough.");
        }

        OnnxSession Load() => InferenceTelemetry.Staged("load", () => graphs.Load(version, setup));
    }

    private (Classifier? Classifier, BatchWindow Window) Interpret(PreparedVersion version, OnnxSession session, CancellationToken cancelled)
    {
        var manifest = version.Verified.Manifest;
        var labels = manifest.Labels is null ? null : LabelFile.Read(version.PathOf(manifest.Labels));
        var classifier = Classifier.For(manifest, session, version.Summary, labels, labelsMustFit: !version.Verified.IsFlat);
        return (classifier, WindowOf(version, session, classifier, cancelled));
    }

    private BatchWindow WindowOf(PreparedVersion version, OnnxSession session, Classifier? classifier, CancellationToken cancelled)
    {
        var wanted = version.Verified.Manifest.Batching;
        var window = new BatchWindow(wanted?.MaxRows ?? batching.Value.MaxRows, wanted?.MaxDelay ?? batching.Value.MaxDelay);
        if (window.MaxRows == 1 || !BatchWindow.IsPossible(session.Inputs, session.Outputs)) return BatchWindow.Alone;
        if (wanted?.MaxRows is null && !BatchWindow.IsWorthwhile([.. session.Inputs.Select(Row)], batching.Value.MaxRowBytes)) return BatchWindow.Alone;
        if (RowIndependence.ObjectionTo(session.Inputs, Row, session.Run, cancelled) is not { } objection) return window;
        Log.NotBatched(logger, version.Id, objection);
        return BatchWindow.Alone;

        Tensor Row(TensorSpec input) => classifier?.NewRows(1) ?? input.Smallest();
    }

    private async Task ProveAsync(LoadedModel model, PreparedVersion version, ModelSignature? expected, CancellationToken cancelled)
    {
        var golden = version.Verified.Manifest.Golden;
        RequireSignature(model, version.Verified, expected);
        cancelled.ThrowIfCancellationRequested();
        await YieldingThread.RunAsync(() => InferenceTelemetry.Staged("warm", () => WarmUp.Require(model, hasGolden: golden.Count > 0, cancelled)), cancelled);
        cancelled.ThrowIfCancellationRequested();
        // Decoding a picture may begin threads that serve requests later.
        await YieldingThread.OnThreadOfItsOwn(Golden, cancelled);
        cancelled.ThrowIfCancellationRequested();

        bool Golden()
        {
            InferenceTelemetry.Staged("golden", () => GoldenSamples.Require(golden, model, version.Folder, images.Value, cancelled));
            return true;
        }
    }

    private static void RequireSignature(LoadedModel model, VerifiedVersion verified, ModelSignature? expected)
    {
        if (expected is null || verified.Manifest.SignatureChange || model.Signature.DifferenceTo(expected) is not { } difference) return;
        var remedy = verified.IsFlat ? "Give it another name" : "Say \"signatureChange\": true in model.json";
        throw new UnfitModelException($"The signature differs from the versions before: {difference}. {remedy} if that is meant.");
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Requests for {Model} share no runs: {Reason}")]
        public static partial void NotBatched(ILogger logger, ModelId model, string reason);
    }
}
