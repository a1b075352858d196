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
        var scores = session.Outputs.FirstOrDefault(output => output.Datatype == Datatype.Fp32 && output.Shape.Length is 2 or 4);
        if (manifest.Task is null && (scores is null || !ImagePlanning.IsImageInput(session.Inputs))) return null;
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

    public Tensor ToRow(byte[] pixels)
    {
        var row = Tensor.Zeros(Plan.Input, Datatype.Fp32, Plan.RowShape);
        PixelPacking.Fill(pixels, Plan, row.Elements<float>());
        return row;
    }

    public Prediction[] ToPredictions(IReadOnlyList<Tensor> outputs, int? topK = null)
    {
        var scores = outputs.First(output => output.Name == Output);
        var labels = Labels?.Count == scores.Elements<float>().Length ? Labels : null;
        return TopClasses.Of(scores.Elements<float>(), Softmax, topK ?? TopK, labels);
    }
}
