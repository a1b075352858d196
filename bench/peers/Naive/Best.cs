using System.Text.Json.Serialization;

namespace ModelPlatform.Bench.Naive;

internal sealed record Answer([property: JsonPropertyName("model_name")] string Model, [property: JsonPropertyName("predictions")] IReadOnlyList<Best> Predictions);

internal sealed record Best(string Label, int Index, double Probability)
{
    public static IReadOnlyList<Best> Of(float[] logits, string[] labels)
    {
        var largest = logits.Max();
        var powers = logits.Select(logit => Math.Exp(logit - largest)).ToArray();
        var sum = powers.Sum();
        return [.. powers.Select((power, index) => new Best(labels[index], index, power / sum)).OrderByDescending(best => best.Probability).Take(5)];
    }
}
