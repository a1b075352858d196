using ModelPlatform.Inference.Classification;
using ModelPlatform.Inference.Reloading;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Shadowing;

/// <summary>Whether two versions say the same: a classifier when it has the same first class for every picture, another model when no output differs by more than is tolerated.</summary>
internal static class Agreement
{
    public static bool Between(IReadOnlyList<Tensor> served, IReadOnlyList<Tensor> shadow, Classifier? classifier, double tolerance) => served.All(one =>
        shadow.FirstOrDefault(other => other.Name == one.Name) is { } other && one.Datatype == other.Datatype && one.Shape.SequenceEqual(other.Shape)
        && (classifier is null ? AreClose(one, other, tolerance) : one.Name != classifier.Output || HaveSameBest(one, other)));

    private static bool AreClose(Tensor one, Tensor other, double tolerance) =>
        one.Datatype == Datatype.Bytes ? one.Data.Span.SequenceEqual(other.Data.Span) : TensorDifference.Largest(one, other) <= tolerance;

    private static bool HaveSameBest(Tensor one, Tensor other)
    {
        var rows = (int)one.Shape[0];
        var classes = one.Elements<float>().Length / Math.Max(rows, 1);
        for (var row = 0; row < rows; row++)
        {
            var best = Best(one.Elements<float>().Slice(row * classes, classes));
            if (best < 0 || best != Best(other.Elements<float>().Slice(row * classes, classes))) return false;
        }
        return true;
    }

    /// <returns>-1 where no score is a number.</returns>
    private static int Best(ReadOnlySpan<float> scores)
    {
        var best = -1;
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i] > (best < 0 ? float.NegativeInfinity : scores[best])) best = i;
        }
        return best;
    }
}
