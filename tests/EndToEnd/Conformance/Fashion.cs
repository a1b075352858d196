using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace ModelPlatform.Tests.EndToEnd.Conformance;

/// <summary>Calls of the sample model.</summary>
internal static class Fashion
{
    public const string Infer = "/v2/models/fashion/infer";

    /// <summary>Pictures in JSON, flat or nested as their shape is.</summary>
    /// <param name="more">Members of the call behind its inputs, with a comma before each.</param>
    public static string Json(byte[] pixels, string more = "", bool nested = false, int rows = 1)
    {
        var picture = MemoryMarshal.Cast<byte, float>(pixels).ToArray().Select(pixel => pixel.ToString(CultureInfo.InvariantCulture)).ToList();
        var one = nested ? $"[[{string.Join(',', picture.Chunk(28).Select(row => $"[{string.Join(',', row)}]"))}]]" : string.Join(',', picture);
        return $$"""{"inputs":[{"name":"image","shape":[{{rows}},1,28,28],"datatype":"FP32","data":[{{string.Join(',', Enumerable.Repeat(one, rows))}}]}]{{more}}}""";
    }

    /// <summary>The JSON before a picture in binary form.</summary>
    public static string BeforeBinary(string more = "", object? size = null) =>
        $$$"""{"inputs":[{"name":"image","shape":[1,1,28,28],"datatype":"FP32","parameters":{"binary_data_size":{{{size ?? 4 * 28 * 28}}}}}]{{{more}}}}""";

    /// <summary>The values of the only output, whichever form it has.</summary>
    public static float[] Logits(OipAnswer answer)
    {
        Assert.True(answer.Status == 200, $"{answer}");
        var output = Assert.Single(answer.Json["outputs"]!.AsArray())!;
        Assert.Equal(("logits", "FP32"), ((string?)output["name"], (string?)output["datatype"]));
        if (answer.JsonLength is null) return [.. output["data"]!.AsArray().Select(value => (float)value!)];
        Assert.Equal(("application/octet-stream", answer.Binary.Length), (answer.MediaType, (int)output["parameters"]!["binary_data_size"]!));
        Assert.False(output.AsObject().ContainsKey("data"));
        return MemoryMarshal.Cast<byte, float>(answer.Binary).ToArray();
    }
}
