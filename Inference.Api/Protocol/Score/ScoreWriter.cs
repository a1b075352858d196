using System.Globalization;
using System.Text.Json;
using ModelPlatform.Inference.Classification;

namespace ModelPlatform.Inference.Protocol.Score;

/// <summary>
/// Writes an answer of the 2018 recipe: <c>{"result": [[[["label", percent], … three], … each picture], "Computed in 12.34 ms"]}</c>.
/// </summary>
internal static class ScoreWriter
{
    public const int Top = 3;

    public static void Write(Utf8JsonWriter json, IReadOnlyList<Prediction[]> pictures, TimeSpan elapsed)
    {
        json.WriteStartObject();
        json.WriteStartArray("result"u8);
        json.WriteStartArray();
        foreach (var predictions in pictures)
        {
            json.WriteStartArray();
            foreach (var best in predictions)
            {
                json.WriteStartArray();
                json.WriteStringValue(best.Label);
                json.WriteNumberValue((double)best.Probability * 100);
                json.WriteEndArray();
            }
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"Computed in {elapsed.TotalMilliseconds:0.##} ms"));
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
