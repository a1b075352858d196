using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ModelPlatform.Bench.Models;

namespace ModelPlatform.Bench.Load;

/// <summary>Requests of the Open Inference Protocol with one row of random numbers.</summary>
internal static class TensorCalls
{
    public static HttpCall Binary(int port, BenchModel model, string input)
    {
        var values = MemoryMarshal.AsBytes(Values(model).AsSpan()).ToArray();
        var json = Encoding.UTF8.GetBytes($"{{\"inputs\":[{{{Head(model, input)},\"parameters\":{{\"binary_data_size\":{values.Length}}}}}],\"parameters\":{{\"binary_data_output\":true}}}}");
        return HttpCall.Post(port, PathOf(model), "application/octet-stream", [.. json, .. values], $"Inference-Header-Content-Length: {json.Length}\r\n");
    }

    public static HttpCall Json(int port, BenchModel model, string input) => HttpCall.Post(
        port, PathOf(model), "application/json", Encoding.UTF8.GetBytes($"{{\"inputs\":[{{{Head(model, input)},\"data\":{JsonSerializer.Serialize(Values(model))}}}]}}"));

    public static float[] Values(BenchModel model)
    {
        var random = new Random(0);
        return [.. Enumerable.Range(0, model.Elements).Select(_ => random.NextSingle())];
    }

    private static string PathOf(BenchModel model) => $"/v2/models/{model.Name}/infer";

    private static string Head(BenchModel model, string input) => $"\"name\":\"{input}\",\"datatype\":\"FP32\",\"shape\":[1,{model.Channels},{model.Side},{model.Side}]";
}
