using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Classification;
using ModelPlatform.Inference.Images;
using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Telemetry;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference;

/// <param name="Version">Null for the model's default version.</param>
/// <param name="Outputs">Those that are wanted; null for all.</param>
internal sealed record InferCall(string Model, string? Version, string? Id, IReadOnlyList<Tensor> Inputs, IReadOnlyList<RequestedOutput>? Outputs);

/// <param name="Classes">The number of classes to name instead of giving all values; null for the values.</param>
internal sealed record RequestedOutput(string Name, long? Classes);

internal sealed record InferAnswer(ModelId Model, string? Id, IReadOnlyList<Tensor> Outputs);

/// <param name="Pictures">The predictions of each picture, the best first.</param>
internal sealed record ClassifyAnswer(ModelId Model, IReadOnlyList<Prediction[]> Pictures);

/// <summary>The way of a request through the server, whatever protocol it came by. It holds one version from beginning to end.</summary>
internal sealed class InferencePipeline(ModelCatalog catalog, InferenceMetrics metrics, IOptions<ImageOptions> images, TimeProvider time) : IDisposable
{
    private readonly RunGate _decoders = new(images.Value.Concurrency, images.Value.MaxWaiting, "the picture decoder");

    /// <summary>Refuses what no body could make right, before one is read.</summary>
    /// <exception cref="InferenceFault">The model or the version is not served here.</exception>
    public void RequireServed(string model, string? version)
    {
        using var lease = catalog.Acquire(model, version);
    }

    /// <exception cref="InferenceFault">The call cannot be answered.</exception>
    public async Task<InferAnswer> InferAsync(InferCall call, CancellationToken cancelled)
    {
        using var lease = catalog.Acquire(call.Model, call.Version);
        InputRules.Require(call, lease.Model);
        var outputs = await RunAsync(lease.Model, call.Inputs, cancelled);
        return new InferAnswer(lease.Model.Id, call.Id, call.Outputs is null ? outputs : [.. call.Outputs.Select(wanted => Wanted(wanted, outputs, lease.Model.Classifier))]);
    }

    /// <param name="topK">Predictions for each picture; null for as many as the model says.</param>
    /// <exception cref="InferenceFault">A picture cannot be classified.</exception>
    public async Task<ClassifyAnswer> ClassifyAsync(string model, string? version, IReadOnlyList<byte[]> pictures, int? topK, CancellationToken cancelled)
    {
        using var lease = catalog.Acquire(model, version);
        var classifier = lease.Model.Classifier ?? throw new InferenceFault(FaultKind.InvalidInput, $"Model '{lease.Model.Id.Name}' does not classify pictures.");

        var answers = new List<Prediction[]>(pictures.Count);
        foreach (var picture in pictures)
        {
            var row = await DecodeAsync(lease.Model.Id, classifier, picture, cancelled);
            var outputs = await RunAsync(lease.Model, [row], cancelled);
            using var stage = InferenceTelemetry.Stage("postprocess");
            answers.Add(classifier.ToPredictions(outputs, topK));
        }
        return new ClassifyAnswer(lease.Model.Id, answers);
    }

    public void Dispose() => _decoders.Dispose();

    private static Tensor Wanted(RequestedOutput wanted, Tensor[] outputs, Classifier? classifier)
    {
        var output = outputs.First(output => output.Name == wanted.Name);
        return wanted.Classes is { } classes ? ClassTexts.Of(output, classes, classifier?.Output == output.Name ? classifier.Labels : null) : output;
    }

    private async Task<Tensor> DecodeAsync(ModelId id, Classifier classifier, byte[] picture, CancellationToken cancelled)
    {
        using var stage = InferenceTelemetry.Stage("decode");
        stage.Tag(id);
        using var place = await _decoders.EnterAsync(cancelled);
        var started = time.GetTimestamp();
        var row = classifier.ToRow(ImageDecoder.Decode(picture, classifier.Plan, images.Value));
        metrics.Decoded(id.Name, time.GetElapsedTime(started));
        return row;
    }

    private async Task<Tensor[]> RunAsync(LoadedModel model, IReadOnlyList<Tensor> inputs, CancellationToken cancelled)
    {
        using var stage = InferenceTelemetry.Stage("run");
        stage.Tag(model.Id);
        var started = time.GetTimestamp();
        var outputs = await model.RunAsync(inputs, cancelled);
        metrics.Ran(model.Id.Name, time.GetElapsedTime(started));
        return outputs;
    }
}
