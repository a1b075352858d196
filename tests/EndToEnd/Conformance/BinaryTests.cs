using System.Text;

namespace ModelPlatform.Tests.EndToEnd.Conformance;

/// <summary>The binary tensor data extension, compression and chunks: the same values by every way in and out.</summary>
[Collection(OneConformancePlatform.Name)]
public sealed class BinaryTests(ConformancePlatform conformance)
{
    [Theory]
    [EachTarget("", false)]
    [EachTarget(""","parameters":{"binary_data_output":true}""", true)]
    [EachTarget(""","outputs":[{"name":"logits","parameters":{"binary_data":true}}]""", true)]
    [EachTarget(""","outputs":[{"name":"logits","parameters":{"binary_data":false}}],"parameters":{"binary_data_output":true}""", false)]
    [EachTarget(""","outputs":[{"name":"logits","parameters":{"binary_data":true}}],"parameters":{"binary_data_output":false}""", true)]
    public async Task What_is_said_of_an_output_is_stronger_than_what_is_said_of_all(string target, string more, bool isBinary)
    {
        var expected = await LogitsAsync(target);
        foreach (var answer in new[]
        {
            await conformance.At(target).PostAsync(Fashion.Infer, Fashion.Json(conformance.Pixels, more)),
            await conformance.At(target).PostBinaryAsync(Fashion.Infer, Fashion.BeforeBinary(more), conformance.Pixels),
        })
        {
            Assert.Equal(expected, Fashion.Logits(answer));
            Assert.Equal(isBinary, answer.JsonLength is not null);
        }
    }

    [Theory, EachTarget]
    public async Task A_body_without_JSON_is_the_only_input_and_is_answered_in_kind(string target)
    {
        var answer = await conformance.At(target).PostBinaryAsync(Fashion.Infer, "", conformance.Pixels, jsonLength: "0");
        Assert.Equal(await LogitsAsync(target), Fashion.Logits(answer));
        Assert.NotNull(answer.JsonLength);
    }

    [Theory, EachTarget]
    public async Task Every_datatype_goes_in_and_out_in_binary_form(string target)
    {
        var samples = Sample.OfEveryDatatype;
        var json = $$"""{"inputs":[{{string.Join(',', samples.Select(sample => sample.ToInput(binary: true)))}}],"parameters":{"binary_data_output":true} }""";
        var answer = await conformance.At(target).PostBinaryAsync("/v2/models/types/infer", json, [.. samples.SelectMany(sample => sample.Binary)]);
        Assert.True(answer.Status == 200, $"{answer}");
        var told = answer.Json["outputs"]!.AsArray().Select(output => ((string?)output!["name"], (int)output["parameters"]!["binary_data_size"]!));
        Assert.Equal(samples.Select(sample => ((string?)sample.Output, sample.Binary.Length)), told);
        Assert.Equal(samples.SelectMany(sample => sample.Binary), answer.Binary);
    }

    [Theory]
    [EachTarget(null, null, true, false)]
    [EachTarget(null, null, true, true)]
    [EachTarget("gzip", "gzip", false, false)]
    [EachTarget("gzip", "gzip", false, true)]
    [EachTarget("deflate", "deflate", false, false)]
    [EachTarget("deflate", "deflate", true, true)]
    public async Task Bodies_come_compressed_and_in_thousands_of_chunks_and_go_compressed(string target, string? sent, string? wanted, bool tinyChunks, bool isBinary)
    {
        // Long enough that compression is worth its while.
        const int Rows = 32;
        var more = isBinary ? ""","parameters":{"binary_data_output":true}""" : "";
        var body = Encoding.UTF8.GetBytes(Fashion.Json(conformance.Pixels, more, rows: tinyChunks ? 1 : Rows));
        // All of it is JSON, and the header may say so.
        var jsonLength = isBinary ? $"{body.Length}" : null;
        Assert.True(!tinyChunks || body.Length > 2000);
        var answer = await conformance.At(target).SendAsync("POST", Fashion.Infer, OipClient.Content(body, jsonLength, sent, tinyChunks), wanted);
        var logits = Fashion.Logits(answer);
        Assert.Equal(await LogitsAsync(target), logits[..10], Near);
        Assert.Equal(tinyChunks ? 1 : Rows, logits.Length / 10);
        if (wanted is not null && !tinyChunks) Assert.Equal(wanted, answer.Encoding);
    }

    // A matrix product of many rows is summed in another order than that of one.
    private static bool Near(float one, float other) => Math.Abs(one - other) < 1e-3;

    private async Task<float[]> LogitsAsync(string target) => Fashion.Logits(await conformance.At(target).PostAsync(Fashion.Infer, Fashion.Json(conformance.Pixels)));
}
