using System.Text.Json.Nodes;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.BadInput;

/// <summary>A second version that must never answer, of a model whose first one is <see cref="Good"/>.</summary>
/// <param name="Kind">And the model's name.</param>
/// <param name="Reason">A part of what operators are told.</param>
internal sealed record HostileVersion(string Kind, string Reason, Dictionary<string, byte[]> Files)
{
    private static readonly byte[] Fit = OnnxModels.Times(2);
    private static readonly byte[] Large = new byte[BadInputPlatform.MaxModelBytes];

    public byte[] Good { get; init; } = OnnxModels.Times(1);

    public JsonObject? Draft { get; init; }

    /// <summary>What is uploaded in place of what model.json lists.</summary>
    public Dictionary<string, byte[]>? Lies { get; init; }

    public static IReadOnlyList<HostileVersion> All { get; } =
    [
        Of("empty", "empty", []),
        Of("text", "not a valid ONNX file", "This is no model."u8.ToArray()),
        Of("corrupt", "not a valid ONNX file", [.. Fit[..(Fit.Length / 2)], .. new byte[Fit.Length / 2]]),
        Of("truncated", "not a valid ONNX file", Fit[..(Fit.Length / 2)]),
        Of("opset", "Opset 99", OnnxModels.Times(2, opset: 99)),
        Of("ir-version", "IR version: 99", OnnxModels.Times(2, version: 99)),
        Of("large", "the limit is", Large),
        Of("large-weights", "the limit is", OnnxModels.WithExternalData("weights.bin"), ("weights.bin", Large)),
        Of("outside", "external data", OnnxModels.WithExternalData("../1/model.onnx")),
        Of("absolute", "external data", OnnxModels.WithExternalData("/etc/passwd")),
        Of("unlisted", "external data", OnnxModels.WithExternalData("weights.bin")),
        Of("memory", "address in memory", OnnxModels.WithExternalData("*/_ORT_MEM_ADDR_/*")),
        Of("domain", "'evil.example'", OnnxModels.WithOperatorOf("evil.example")),
        Of("operator", "Strange", OnnxModels.WithOperatorOf("com.microsoft")),
        Of("nested", "nested", OnnxModels.Nested(500)),
        Of("digest", "digest", Fit) with { Lies = new() { ["model.onnx"] = OnnxModels.Times(9) } },
        Of("size", "bytes", Fit) with { Lies = new() { ["model.onnx"] = [.. Fit, 0] } },
        Of("golden", "Golden", Fit, ("in.bin", new byte[8]), ("out.bin", [0, 0, 0x80, 0x3F, 0, 0, 0x80, 0x3F])) with
        {
            Draft = new() { ["golden"] = new JsonArray(new JsonObject { ["inputs"] = new JsonObject { ["x"] = "in.bin" }, ["outputs"] = new JsonObject { ["y"] = "out.bin" } }) },
        },
        Of("signature", "signature", OnnxModels.Times(2, output: "z")),
        Of("nan", "NaN", OnnxModels.Times(float.NaN)),
        Of("nan-scores", "NaN", OnnxModels.Classifier(float.NaN, 1)) with { Good = OnnxModels.Classifier(1, 2) },
        Of("labels", "labels", OnnxModels.Classifier(1, 2), ("labels.txt", "only one"u8.ToArray())) with { Good = OnnxModels.Classifier(1, 2), Draft = new() { ["labels"] = "labels.txt" } },
    ];

    private static HostileVersion Of(string kind, string reason, byte[] graph, params (string Name, byte[] Content)[] more) =>
        new(kind, reason, more.Append(("model.onnx", graph)).ToDictionary(file => file.Item1, file => file.Item2));
}
