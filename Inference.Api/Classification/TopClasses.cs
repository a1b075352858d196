namespace ModelPlatform.Inference.Classification;

/// <summary>Scores of all classes to the most probable ones, the best first; of equals the lower index first.</summary>
internal static class TopClasses
{
    public static Prediction[] Of(ReadOnlySpan<float> scores, bool softmax, int count, IReadOnlyList<string>? labels)
    {
        var probabilities = scores.ToArray();
        if (softmax) Softmax(probabilities);
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
