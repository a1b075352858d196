namespace ModelPlatform.Inference.Classification;

/// <summary>Scores of all classes to the most probable ones, the best first; of equals the lower index first.</summary>
internal static class TopClasses
{
    /// <exception cref="InferenceFault">The scores are no numbers: there is no order among them, and no answer could say them.</exception>
    public static Prediction[] Of(ReadOnlySpan<float> scores, bool softmax, int count, IReadOnlyList<string>? labels)
    {
        var probabilities = scores.ToArray();
        if (softmax) Softmax(probabilities);
        if (!Array.TrueForAll(probabilities, float.IsFinite)) throw new InferenceFault(FaultKind.NoNumber, "The model's scores hold NaN or an infinity; only an inference call with outputs in binary form can say them.");
        var order = Enumerable.Range(0, probabilities.Length).ToArray();
        Array.Sort(order, (a, b) => probabilities[b].CompareTo(probabilities[a]) is var difference and not 0 ? difference : a.CompareTo(b));
        return [.. order.Take(count).Select(index => new Prediction(labels?[index] ?? index.ToString(null, null), index, probabilities[index]))];
    }

    // Shifted by the maximum, so that no exponential overflows.
    private static void Softmax(float[] scores)
    {
        if (scores.Length == 0) return;
        var highest = scores.Max();
        var sum = 0d;
        for (var i = 0; i < scores.Length; i++) sum += scores[i] = MathF.Exp(scores[i] - highest);
        for (var i = 0; i < scores.Length; i++) scores[i] = (float)(scores[i] / sum);
    }
}
