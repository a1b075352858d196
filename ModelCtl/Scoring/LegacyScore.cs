using System.Net.Http.Headers;
using System.Text.Json;

namespace ModelPlatform.Cli.Scoring;

/// <summary>
/// What <c>POST /score</c> of the 2018 recipe takes and gives. In: <c>{"input": "[\"base64\", …]"}</c>, JSON in a string of JSON. Out:
/// <c>{"result": [[[["label", percent], …], … each picture], "Computed in 12.34 ms"]}</c>.
/// </summary>
internal sealed record LegacyScore(IReadOnlyList<IReadOnlyList<LegacyLabel>> Pictures, string Computed)
{
    public static HttpContent Body(IEnumerable<byte[]> pictures)
    {
        var inner = JsonSerializer.Serialize(pictures.Select(Convert.ToBase64String).ToArray(), ScoreJson.Default.StringArray);
        var outer = JsonSerializer.SerializeToUtf8Bytes(new LegacyBody(inner), ScoreJson.Default.LegacyBody);
        return new ByteArrayContent(outer) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }

    /// <exception cref="JsonException">It has another form.</exception>
    public static LegacyScore Parse(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        try
        {
            var result = document.RootElement.GetProperty("result");
            return new LegacyScore([.. result[0].EnumerateArray().Select(picture => picture.EnumerateArray().Select(LabelOf).ToList())], result[1].GetString() ?? throw new JsonException());
        }
        catch (Exception other) when (other is InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException) { throw new JsonException(other.Message); }
    }

    private static LegacyLabel LabelOf(JsonElement pair) => new(pair[0].GetString() ?? throw new JsonException(), pair[1].GetDouble());
}

internal sealed record LegacyBody(string Input);

internal sealed record LegacyLabel(string Label, double Percent);
