using ModelPlatform.Inference.Classification;
using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Images;
using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Reloading;

/// <summary>The first runs of a version: they take the cost from the first request, and find weights that are no numbers.</summary>
internal static class WarmUp
{
    /// <param name="hasGolden">Its golden samples know better what it takes and gives.</param>
    /// <exception cref="UnfitModelException">It cannot run, or what it answers is no number.</exception>
    public static void Require(LoadedModel model, bool hasGolden, CancellationToken cancelled)
    {
        try
        {
            if (model.Classifier is { } classifier) RequireScores(model, classifier, cancelled);
            else RequireNumbers(model, hasGolden, cancelled);
        }
        catch (InferenceFault fault) when (fault.Kind == FaultKind.Overloaded) { throw new InsufficientMemoryException(fault.Message); }
        catch (InferenceFault fault) { throw new UnfitModelException($"The first run failed: {fault.Message}"); }
    }

    // Not of zeros: what a black picture makes of a graph says little about the others.
    private static void RequireScores(LoadedModel model, Classifier classifier, CancellationToken cancelled)
    {
        var pixels = new byte[classifier.Plan.Elements];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)(32 + (i * 7 + i / classifier.Plan.Width) % 192);
        var row = classifier.NewRows(1);
        PixelPacking.Fill(pixels, classifier.Plan, classifier.RowOf(row, 0));
        _ = classifier.ToPredictions(model.Run([row], cancelled));
    }

    private static void RequireNumbers(LoadedModel model, bool hasGolden, CancellationToken cancelled)
    {
        if (NaNAmong(model, spec => spec.Smallest(), cancelled) is not { } output || hasGolden) return;
        if (NaNAmong(model, spec => spec.Smallest().Ones(), cancelled) is not null) throw new UnfitModelException($"Output '{output}' holds NaN for inputs of zeros and of ones alike.");
    }

    private static string? NaNAmong(LoadedModel model, Func<TensorSpec, Tensor> input, CancellationToken cancelled)
    {
        try { return model.Run([.. model.Inputs.Select(input)], cancelled).FirstOrDefault(TensorNumbers.HoldNaN)?.Name; }
        // In the smallest shape they need not be an input that such a model accepts; only its golden samples can tell.
        catch (InferenceFault fault) when (fault.Kind == FaultKind.InvalidInput) { return null; }
    }
}
