using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Execution.Vetting;
using ModelPlatform.Inference.Images;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Manifests;

namespace ModelPlatform.Inference.Classification;

/// <summary>What stands around a graph that classifies pictures: how pictures go in, and how scores come out.</summary>
internal sealed record Classifier(ImagePlan Plan, string Output, bool Softmax, int TopK, IReadOnlyList<string>? Labels)
{
    /// <summary>The classifier that a model.json asks for or, where it says nothing, that the graph looks like; null where it is neither.</summary>
    /// <param name="labelsMustFit">Else labels for another number of classes are left aside.</param>
    /// <exception cref="UnfitModelException">The model is to classify pictures and cannot.</exception>
    public static Classifier? For(ModelManifest manifest, OnnxSession session, OnnxSummary summary, IReadOnlyList<string>? labels, bool labelsMustFit = true)
    {
        var isMeant = manifest.Task is not null || manifest.Preprocess is not null;
        var scores = session.Outputs.FirstOrDefault(output => isMeant ? MayBeScores(output) : LooksLikeScores(output));
        if (!isMeant && (scores is null || !ImagePlanning.LooksLikePictures(session.Inputs))) return null;
        if (scores is null) throw new UnfitModelException("A classifier needs an FP32 output of rank 2: pictures by classes.");

        var classes = scores.Shape[1];
        if (labels is not null && classes >= 0 && labels.Count != classes)
        {
            if (labelsMustFit) throw new UnfitModelException($"There are {labels.Count} labels for {classes} classes.");
            labels = null;
        }
        return new Classifier(
            ImagePlanning.Complete(manifest.Preprocess, session.Inputs),
            scores.Name,
            manifest.Postprocess?.Softmax ?? !summary.EndsInSoftmax,
            manifest.Postprocess?.TopK ?? PostprocessPlan.DefaultTopK,
            labels);
    }

    private static bool MayBeScores(TensorSpec output) => output.Datatype == Datatype.Fp32 && output.Shape.Length is 2 or 4;

    // Of rank 4 they are what is left of a picture: one pixel.
    private static bool LooksLikeScores(TensorSpec output) => MayBeScores(output) && output.Shape is [_, _] or [_, _, 1, 1];

    public Tensor NewRows(int count) => Tensor.Zeros(Plan.Input, Datatype.Fp32, [count, .. Plan.RowShape[1..]]);

    /// <summary>For pictures of a request, each of which is to be filled.</summary>
    public Tensor RentRows(int count) => Tensor.Rent(Plan.Input, Datatype.Fp32, [count, .. Plan.RowShape[1..]]);

    /// <summary>The elements of one of these rows.</summary>
    public Span<float> RowOf(Tensor rows, int index) => rows.Elements<float>().Slice(index * Plan.Elements, Plan.Elements);

    public Prediction[] ToPredictions(IReadOnlyList<Tensor> outputs, int? topK = null) => ToPredictions(outputs, 1, topK)[0];

    /// <exception cref="InferenceFault">The model does not give the scores of each picture, or they are no numbers.</exception>
    public Prediction[][] ToPredictions(IReadOnlyList<Tensor> outputs, int pictures, int? topK)
    {
        var scores = outputs.First(output => output.Name == Output);
        if (pictures > 1 && scores.Shape[0] != pictures)
            throw new InferenceFault(FaultKind.Internal, $"The model gave scores {Shapes.Text(scores.Shape)} for {pictures} pictures.");
        var classes = scores.Elements<float>().Length / pictures;
        var labels = Labels?.Count == classes ? Labels : null;
        return [.. Enumerable.Range(0, pictures).Select(i => TopClasses.Of(scores.Elements<float>().Slice(i * classes, classes), Softmax, topK ?? TopK, labels))];
    }
}
