using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Batching;
using ModelPlatform.Inference.Classification;
using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Execution.Vetting;
using ModelPlatform.Inference.Images;
using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Telemetry;
using ModelPlatform.Repository.Manifests;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Reloading;

/// <summary>Takes one version through every stage before it may be seen: download, verify, vet, load, warm, golden samples.</summary>
internal sealed class VersionLoader(
    VersionDownload download, VersionCache cache, IOptions<ExecutionOptions> execution, IOptions<BatchingOptions> batching, IOptions<ImageOptions> images,
    InferenceMetrics metrics, TimeProvider time)
{
    /// <exception cref="UnfitModelException">The content is wrong: final for this identity.</exception>
    public async Task<LoadedModel> LoadAsync(ModelName name, DesiredVersion version, ModelSignature? expected, CancellationToken cancelled)
    {
        var copy = await InferenceTelemetry.StagedAsync("download", async stage =>
        {
            RequireSize(version);
            var fetched = await download.FetchAsync(version, cancelled);
            stage?.SetTag("modelplatform.download.bytes", fetched.IsFresh ? version.Bytes : 0);
            return fetched;
        });
        try
        {
            var (model, verified) = await OnThreadOfItsOwn(() => Load(new ModelId(name, version.Version), version, copy, cancelled), cancelled);
            try { return await OnThreadOfItsOwn(() => Prove(model, verified, expected, cancelled), cancelled); }
            catch
            {
                await model.DisposeAsync();
                throw;
            }
        }
        finally
        {
            // Gone already if it was committed.
            if (copy.IsFresh) VersionCache.Discard(copy.Folder);
        }
    }

    // Loading computes for seconds and must not hold up the pool that serves requests.
    private static Task<T> OnThreadOfItsOwn<T>(Func<T> work, CancellationToken cancelled) =>
        Task.Factory.StartNew(work, cancelled, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    // By what the document says, before a byte of it is fetched.
    private void RequireSize(DesiredVersion version)
    {
        if (version.Bytes > execution.Value.MaxModelBytes)
            throw new UnfitModelException($"The version has {version.Bytes} bytes; the limit is {execution.Value.MaxModelBytes}.");
    }

    private (LoadedModel Model, VerifiedVersion Verified) Load(ModelId id, DesiredVersion version, VersionCopy copy, CancellationToken cancelled)
    {
        var verified = InferenceTelemetry.Staged("verify", () => Verify(copy, version));
        if (copy.IsFresh) cache.Commit(copy.Folder, version.Identity);
        var folder = cache.FolderOf(version.Identity);
        cancelled.ThrowIfCancellationRequested();

        var modelFile = Path.Combine(folder, verified.ModelFile.ToString());
        var summary = InferenceTelemetry.Staged("vet", () => OnnxFile.Vet(modelFile, verified.Files));
        cancelled.ThrowIfCancellationRequested();

        return (InferenceTelemetry.Staged("load", () => Assemble(id, version.Identity, verified, summary, folder)), verified);
    }

    private LoadedModel Prove(LoadedModel model, VerifiedVersion verified, ModelSignature? expected, CancellationToken cancelled)
    {
        RequireSignature(model, verified, expected);
        cancelled.ThrowIfCancellationRequested();
        InferenceTelemetry.Staged("warm", () => WarmUp.Require(model, hasGolden: verified.Manifest.Golden.Count > 0));
        cancelled.ThrowIfCancellationRequested();
        InferenceTelemetry.Staged("golden", () => GoldenSamples.Require(verified.Manifest.Golden, model, cache.FolderOf(model.Identity), images.Value));
        cancelled.ThrowIfCancellationRequested();
        return model;
    }

    // A bad download is seen by nobody else: replicas on one machine share the cache.
    private static VerifiedVersion Verify(VersionCopy copy, DesiredVersion version)
    {
        try { return VersionFiles.Verify(copy.Folder, version); }
        catch (UnfitModelException problem) when (!copy.IsFresh)
        {
            // Only this machine's copy is known to be bad; the next try fetches what was published.
            VersionCache.Discard(copy.Folder);
            throw new IOException($"The cached copy is damaged: {problem.Message}");
        }
    }

    private LoadedModel Assemble(ModelId id, Identity identity, VerifiedVersion verified, OnnxSummary summary, string folder)
    {
        var manifest = verified.Manifest;
        var labels = manifest.Labels is null ? null : LabelFile.Read(Path.Combine(folder, manifest.Labels.ToString()));
        var shape = RunShape.Of(manifest.Execution, execution.Value, Environment.ProcessorCount);
        var session = OnnxSession.Load(Path.Combine(folder, verified.ModelFile.ToString()), new SessionSetup(shape.Threads) { Providers = ExecutionProviders.Of(execution.Value.Providers) });
        try
        {
            var classifier = Classifier.For(manifest, session, summary, labels, labelsMustFit: !verified.IsFlat);
            var admission = new Admission(shape.AtOnce, execution.Value.MaxWaiting, $"model '{id.Name}'");
            return new LoadedModel(id, identity, session, classifier, admission, new BatchRunners(id, session.Run, WindowOf(manifest, session, classifier), shape.AtOnce, metrics, time));
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private BatchWindow WindowOf(ModelManifest manifest, OnnxSession session, Classifier? classifier)
    {
        var window = new BatchWindow(manifest.Batching?.MaxRows ?? batching.Value.MaxRows, manifest.Batching?.MaxDelay ?? batching.Value.MaxDelay);
        var isPossible = window.MaxRows > 1
            && BatchWindow.IsPossible(session.Inputs, session.Outputs)
            && RowIndependence.IsPlausible(session.Inputs, input => classifier?.NewRows(1) ?? input.Smallest(), session.Run);
        return isPossible ? window : BatchWindow.Alone;
    }

    private static void RequireSignature(LoadedModel model, VerifiedVersion verified, ModelSignature? expected)
    {
        if (expected is null || verified.Manifest.SignatureChange || model.Signature.DifferenceTo(expected) is not { } difference) return;
        var remedy = verified.IsFlat ? "Give it another name" : "Say \"signatureChange\": true in model.json";
        throw new UnfitModelException($"The signature differs from the versions before: {difference}. {remedy} if that is meant.");
    }
}
