using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Classification;
using ModelPlatform.Inference.Images;
using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Reloading;
using ModelPlatform.Inference.Telemetry;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference;

/// <param name="Outputs">Those that are wanted; null for all.</param>
internal sealed record InferCall(string? Id, IReadOnlyList<Tensor> Inputs, IReadOnlyList<RequestedOutput>? Outputs);

/// <param name="Classes">The number of classes to name instead of giving all values; null for the values.</param>
internal sealed record RequestedOutput(string Name, long? Classes);

internal sealed record InferAnswer(ModelId Model, string? Id, IReadOnlyList<Tensor> Outputs);

/// <param name="Pictures">The predictions of each picture, the best first.</param>
internal sealed record ClassifyAnswer(ModelId Model, IReadOnlyList<Prediction[]> Pictures);

/// <summary>The way of a request through the server, whatever protocol it came by. It holds one version from beginning to end.</summary>
internal sealed class InferencePipeline(ModelCatalog catalog, RolloutLinks rollouts, InferenceMetrics metrics, IOptions<ImageOptions> images, TimeProvider time) : IDisposable
{
    private readonly RunGate _decoders = new(images.Value.Concurrency, images.Value.MaxWaiting, "the picture decoder");

    /// <summary>Refuses what no body could make right, before one is read.</summary>
    /// <exception cref="InferenceFault">The model or the version is not served here, or has no place for another request.</exception>
    public void RequireServed(string model, string? version)
    {
        using var lease = catalog.Acquire(model, version);
        lease.Model.Admission.RequireRoom();
    }

    /// <param name="read">Makes the call of its body, for the version that answers it: only once it has its place.</param>
    /// <param name="isLate">Whether it was the server's own deadline that ended the call.</param>
    /// <exception cref="InferenceFault">The call cannot be answered.</exception>
    public async Task<InferAnswer> InferAsync(string model, string? version, Func<LoadedModel, InferCall> read, Func<bool> isLate, CancellationToken cancelled)
    {
        using var lease = catalog.Acquire(model, version);
        return await TimedAsync(lease.Model, served => InferAsync(served, read, cancelled), isLate);
    }

    /// <param name="read">Makes the pictures of their body: only once they have their place.</param>
    /// <param name="topK">Predictions for each picture; null for as many as the model says.</param>
    /// <param name="isLate">Whether it was the server's own deadline that ended the call.</param>
    /// <exception cref="InferenceFault">A picture cannot be classified.</exception>
    public async Task<ClassifyAnswer> ClassifyAsync(
        string model, string? version, Func<IReadOnlyList<ReadOnlyMemory<byte>>> read, int? topK, Func<bool> isLate, CancellationToken cancelled)
    {
        using var lease = catalog.Acquire(model, version);
        return await TimedAsync(lease.Model, served => ClassifyAsync(served, read, topK, cancelled), isLate);
    }

    public void Dispose() => _decoders.Dispose();

    private async Task<T> TimedAsync<T>(LoadedModel model, Func<LoadedModel, Task<T>> answer, Func<bool> isLate)
    {
        var started = time.GetTimestamp();
        var outcome = "ok";
        rollouts.Link(model.Id.Name, model.Identity);
        try { return await answer(model); }
        catch (Exception failure) when (Is(OutcomeOf(failure, isLate))) { throw; }
        finally { metrics.Answered(model.Id.Name, outcome, time.GetElapsedTime(started)); }

        // Catches nothing: the way of the failure stays as it was.
        bool Is(string name)
        {
            outcome = name;
            return false;
        }
    }

    private static string OutcomeOf(Exception failure, Func<bool> isLate) => failure switch
    {
        InferenceFault fault => InferenceMetrics.NameOf(fault.Kind),
        OperationCanceledException when isLate() => InferenceMetrics.NameOf(FaultKind.DeadlineExceeded),
        OperationCanceledException => "cancelled",
        _ => InferenceMetrics.NameOf(FaultKind.Internal),
    };

    private static async Task<InferAnswer> InferAsync(LoadedModel model, Func<LoadedModel, InferCall> read, CancellationToken cancelled)
    {
        using var place = model.Admission.Enter();
        var call = read(model);
        InputRules.Require(call, model);
        var outputs = await RunAsync(model, call.Inputs, cancelled);
        return new InferAnswer(model.Id, call.Id, call.Outputs is null ? outputs : [.. call.Outputs.Select(wanted => Wanted(wanted, outputs, model.Classifier))]);
    }

    private async Task<ClassifyAnswer> ClassifyAsync(LoadedModel model, Func<IReadOnlyList<ReadOnlyMemory<byte>>> read, int? topK, CancellationToken cancelled)
    {
        var classifier = model.Classifier ?? throw new InferenceFault(FaultKind.InvalidInput, $"Model '{model.Id.Name}' does not classify pictures.");
        using var place = model.Admission.Enter();
        using var request = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        try { return new ClassifyAnswer(model.Id, await ClassifyAsync(model, classifier, read(), topK, request.Token)); }
        catch
        {
            // With one picture that fails the others have nobody left who waits for them.
            await request.CancelAsync();
            throw;
        }
    }

    private static Tensor Wanted(RequestedOutput wanted, Tensor[] outputs, Classifier? classifier)
    {
        var output = outputs.First(output => output.Name == wanted.Name);
        return wanted.Classes is { } classes ? ClassTexts.Of(output, classes, classifier?.Output == output.Name ? classifier.Labels : null) : output;
    }

    // Some run while the next ones are decoded; not all at once, so that a request holds few pictures' worth of tensors.
    private async Task<List<Prediction[]>> ClassifyAsync(
        LoadedModel model, Classifier classifier, IReadOnlyList<ReadOnlyMemory<byte>> pictures, int? topK, CancellationToken cancelled)
    {
        var answers = new List<Prediction[]>(pictures.Count);
        var running = new Queue<Task<Prediction[][]>>();
        var decoded = 0;
        foreach (var some in pictures.Chunk(model.Runners.MaxRows))
        {
            var rows = classifier.RentRows(some.Length);
            for (var i = 0; i < some.Length; i++)
            {
                try { await DecodeAsync(model.Id, classifier, some[i], rows, i, cancelled); }
                catch (InferenceFault fault) when (pictures.Count > 1) { throw new InferenceFault(fault.Kind, $"Picture {decoded + i}: {fault.Message}"); }
            }
            decoded += some.Length;
            if (running.Count == model.Runners.Concurrency) answers.AddRange(await running.Dequeue());
            running.Enqueue(ClassifyAsync(model, classifier, rows, topK, cancelled));
        }
        while (running.TryDequeue(out var next)) answers.AddRange(await next);
        return answers;
    }

    private static async Task<Prediction[][]> ClassifyAsync(LoadedModel model, Classifier classifier, Tensor rows, int? topK, CancellationToken cancelled)
    {
        var outputs = await RunAsync(model, [rows], cancelled);
        using var stage = InferenceTelemetry.Stage("postprocess");
        return classifier.ToPredictions(outputs, (int)rows.Shape[0], topK);
    }

    private async Task DecodeAsync(ModelId id, Classifier classifier, ReadOnlyMemory<byte> picture, Tensor rows, int index, CancellationToken cancelled)
    {
        using var stage = InferenceTelemetry.Stage("decode");
        stage.Tag(id);
        using var place = await _decoders.EnterAsync(cancelled);
        var started = time.GetTimestamp();
        ImageDecoder.Decode(picture, classifier.Plan, images.Value, classifier.RowOf(rows, index));
        metrics.Decoded(id.Name, time.GetElapsedTime(started));
    }

    private static async Task<Tensor[]> RunAsync(LoadedModel model, IReadOnlyList<Tensor> inputs, CancellationToken cancelled)
    {
        using var stage = InferenceTelemetry.Stage("run");
        stage.Tag(model.Id);
        return await model.Runners.RunAsync(inputs, cancelled);
    }
}
