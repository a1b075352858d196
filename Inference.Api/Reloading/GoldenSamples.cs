using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Images;
using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Manifests;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Reloading;

/// <summary>Runs the samples that a version must get right before anybody else may ask it.</summary>
internal static class GoldenSamples
{
    /// <exception cref="UnfitModelException">Names the first sample that failed, and how.</exception>
    public static void Require(IReadOnlyList<GoldenSample> samples, LoadedModel model, string folder, ImageOptions limits, CancellationToken cancelled)
    {
        foreach (var sample in samples)
        {
            try
            {
                if (sample.Image is not null) RequirePicture(sample, model, folder, limits, cancelled);
                else RequireTensors(sample, model, folder, cancelled);
            }
            catch (InferenceFault fault) when (fault.Kind == FaultKind.Overloaded) { throw new InsufficientMemoryException(fault.Message); }
            catch (InferenceFault fault) { throw new UnfitModelException($"Golden sample '{Quoted.Of((sample.Image ?? sample.Inputs!.Values.First()).ToString())}': {fault.Message}"); }
        }
    }

    private static void RequirePicture(GoldenSample sample, LoadedModel model, string folder, ImageOptions limits, CancellationToken cancelled)
    {
        var classifier = model.Classifier ?? throw new UnfitModelException($"Golden sample '{sample.Image}' is a picture; the model classifies none.");
        var row = classifier.NewRows(1);
        ImageDecoder.Decode(File.ReadAllBytes(PathOf(folder, sample.Image!)), classifier.Plan, limits, classifier.RowOf(row, 0));
        var best = classifier.ToPredictions(model.Run([row], cancelled), topK: 1)[0];
        if (best.Label != sample.Label || !(best.Probability >= sample.AtLeast))
            throw new UnfitModelException(FormattableString.Invariant(
                $"Golden sample '{sample.Image}' gave '{Quoted.Of(best.Label)}' with {best.Probability:0.000}; '{sample.Label}' with at least {sample.AtLeast:0.000} is wanted."));
    }

    private static void RequireTensors(GoldenSample sample, LoadedModel model, string folder, CancellationToken cancelled)
    {
        var inputs = sample.Inputs!.Select(input => Read(SpecOf(model.Inputs, input.Key, "input"), input.Value, folder)).ToList();
        foreach (var spec in model.Inputs.Where(spec => inputs.All(input => input.Name != spec.Name)))
            throw new UnfitModelException($"Golden sample without input '{spec.Name}'.");

        var outputs = model.Run(inputs, cancelled);
        foreach (var (name, path) in sample.Outputs!)
        {
            SpecOf(model.Outputs, name, "output");
            var given = outputs.First(output => output.Name == name);
            var expected = File.ReadAllBytes(PathOf(folder, path));
            if (expected.Length != given.Data.Length) throw new UnfitModelException($"Golden output '{path}' has {expected.Length} bytes; the model gave {given.Data.Length}.");
            if (given.Datatype == Datatype.Bytes && !expected.AsSpan().SequenceEqual(given.Data.Span)) throw new UnfitModelException($"Golden output '{path}' differs from what the model gave.");
            var difference = TensorDifference.Largest(given, new Tensor(name, given.Datatype, given.Shape, expected));
            if (!(difference <= sample.Tolerance))
                throw new UnfitModelException(FormattableString.Invariant($"Golden output '{path}' differs by {difference}; {sample.Tolerance} is allowed."));
        }
    }

    private static Tensor Read(TensorSpec spec, FilePath path, string folder)
    {
        var bytes = File.ReadAllBytes(PathOf(folder, path));
        var elements = spec.Datatype == Datatype.Bytes ? TextElements.Count(bytes) : bytes.Length % spec.Datatype.Size == 0 ? bytes.Length / spec.Datatype.Size : null;
        var free = spec.Shape.Count(dimension => dimension < 0);
        var row = Shapes.Count([.. spec.Shape.Where(dimension => dimension >= 0)]) ?? 0;
        if (elements is null || row == 0 || free > 1 || elements % row != 0 || free == 0 && elements != row)
            throw new UnfitModelException($"Golden input '{path}' of {bytes.Length} bytes does not fill '{spec.Name}' {Shapes.Text(spec.Shape)}.");
        return new Tensor(spec.Name, spec.Datatype, [.. spec.Shape.Select(dimension => dimension < 0 ? elements.Value / row : dimension)], bytes);
    }

    private static TensorSpec SpecOf(IReadOnlyList<TensorSpec> specs, string name, string kind) =>
        specs.FirstOrDefault(spec => spec.Name == name) ?? throw new UnfitModelException($"Golden sample names {kind} '{Quoted.Of(name)}', which the model does not have.");

    private static string PathOf(string folder, FilePath path) => Path.Combine(folder, path.ToString());
}
