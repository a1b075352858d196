using System.Text;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Manifests;

namespace ModelPlatform.Tests.Unit.Repository;

/// <summary>What the author of a model.json reads when it is wrong: the file, the member, the reason.</summary>
public sealed class ManifestProblemsTests
{
    private const string Digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Golden = "It must have either 'image' and 'label', or 'inputs' and 'outputs'.";

    [Theory]
    [InlineData("", "It is empty.")]
    [InlineData("null", "It is null.")]
    [InlineData("[]", "An object is expected.")]
    [InlineData("\"x\"", "An object is expected.")]
    [InlineData("{", "It is not valid JSON at line 1, byte 2.")]
    [InlineData("{\n  \"task\": x\n}", "It is not valid JSON at line 2, byte 11.")]
    [InlineData("{ \"task\": \"x\", }", "It is not valid JSON at line 1, byte 16.")]
    [InlineData("{} {}", "It is not valid JSON at line 1, byte 4.")]
    [InlineData("{ /* why */ }", "It is not valid JSON at line 1, byte 3.")]
    [InlineData("\ufeff\ufeff{}", "It is not valid JSON at line 1, byte 1.")]
    [InlineData("""{ "\ud800": 1 }""", "It is not valid Unicode.")]
    [InlineData("""{ "task": "\ud800" }""", "task: It is not valid Unicode.")]
    public void Text_that_is_no_json_object(string json, string reason) => AssertDraft(json, reason);

    [Theory]
    [InlineData("""{ "x": 1 }""", "x: This member is not known.")]
    [InlineData("""{ "Task": "image-classification" }""", "Task: This member is not known.")]
    [InlineData("""{ "version": "1" }""", "version: This member is not known.")]
    [InlineData("""{ "preprocess": { "widht": 3 } }""", "preprocess.widht: This member is not known.")]
    [InlineData("""{ "postprocess": { "top": 3 } }""", "postprocess.top: This member is not known.")]
    [InlineData("""{ "batching": { "rows": 3 } }""", "batching.rows: This member is not known.")]
    [InlineData("""{ "execution": { "threads": 3 } }""", "execution.threads: This member is not known.")]
    [InlineData("""{ "golden": [ { "image": "a", "label": "b" }, { "lable": "b" } ] }""", "golden[1].lable: This member is not known.")]
    [InlineData("""{ "files": { "model.onnx": { "md5": "" } } }""", "files['model.onnx'].md5: This member is not known.")]
    [InlineData("""{ "a\u0000\n": 1 }""", "['a\\u0000\\u000a']: This member is not known.")]
    public void Members_that_are_not_known(string json, string reason) => AssertDraft(json, reason);

    [Theory]
    [InlineData("""{ "task": "a", "task": "b" }""", "task: It is there twice.")]
    [InlineData("""{ "preprocess": { "width": 1, "width": 2 } }""", "preprocess.width: It is there twice.")]
    [InlineData($$"""{ "files": { "a": { "bytes": 1, "sha256": "{{Digest}}" }, "a": { "bytes": 1, "sha256": "{{Digest}}" } } }""", "files.a: It is there twice.")]
    public void Members_that_are_there_twice(string json, string reason) => AssertDraft(json, reason);

    [Theory]
    [InlineData("""{ "task": 3 }""", "task: A string is expected.")]
    [InlineData("""{ "labels": 3 }""", "labels: A string is expected.")]
    [InlineData("""{ "labels": [] }""", "labels: A string is expected.")]
    [InlineData("""{ "preprocess": [] }""", "preprocess: An object is expected.")]
    [InlineData("""{ "preprocess": { "width": "224" } }""", "preprocess.width: A number is expected.")]
    [InlineData("""{ "preprocess": { "width": 224.5 } }""", "preprocess.width: A whole number of at most 32 bits is expected.")]
    [InlineData("""{ "preprocess": { "width": 9999999999 } }""", "preprocess.width: A whole number of at most 32 bits is expected.")]
    [InlineData("""{ "preprocess": { "fit": "zoom" } }""", "preprocess.fit: It must be 'crop' or 'stretch' or 'pad'.")]
    [InlineData("""{ "preprocess": { "fit": 1 } }""", "preprocess.fit: It must be 'crop' or 'stretch' or 'pad'.")]
    [InlineData("""{ "preprocess": { "fit": "Crop" } }""", "preprocess.fit: It must be 'crop' or 'stretch' or 'pad'.")]
    [InlineData("""{ "preprocess": { "fit": "crop, pad" } }""", "preprocess.fit: It must be 'crop' or 'stretch' or 'pad'.")]
    [InlineData("""{ "execution": { "profile": "fast" } }""", "execution.profile: It must be 'throughput' or 'latency'.")]
    [InlineData("""{ "preprocess": { "color": "rgba" } }""", "preprocess.color: It must be 'rgb' or 'bgr' or 'gray'.")]
    [InlineData("""{ "preprocess": { "layout": "nc" } }""", "preprocess.layout: It must be 'nchw' or 'nhwc'.")]
    [InlineData("""{ "preprocess": { "scale": null } }""", "preprocess.scale: A number is expected.")]
    [InlineData("""{ "preprocess": { "mean": 1 } }""", "preprocess.mean: A list is expected.")]
    [InlineData("""{ "preprocess": { "mean": [ null ] } }""", "preprocess.mean[0]: A number is expected.")]
    [InlineData("""{ "postprocess": { "softmax": "yes" } }""", "postprocess.softmax: true or false is expected.")]
    [InlineData("""{ "batching": { "maxDelay": 5 } }""", "batching.maxDelay: A string is expected.")]
    [InlineData("""{ "batching": { "maxDelay": "5 ms" } }""", "batching.maxDelay: A duration such as \"00:00:05\" is expected.")]
    [InlineData("""{ "golden": {} }""", "golden: A list is expected.")]
    [InlineData("""{ "golden": null }""", "golden: It must not be null.")]
    [InlineData("""{ "golden": [ 1 ] }""", "golden[0]: An object is expected.")]
    [InlineData("""{ "golden": [ null ] }""", "golden[0]: It must not be or hold null.")]
    [InlineData("""{ "golden": [ { "inputs": { "x": null }, "outputs": { "y": "y" } } ] }""", "golden[0]: It must not be or hold null.")]
    [InlineData("""{ "golden": [ { "inputs": { "a.b": 1 } } ] }""", "golden[0].inputs['a.b']: A string is expected.")]
    [InlineData("""{ "signatureChange": 1 }""", "signatureChange: true or false is expected.")]
    [InlineData("""{ "files": [] }""", "files: An object is expected.")]
    [InlineData("""{ "files": { "a": 1 } }""", "files.a: An object is expected.")]
    [InlineData("""{ "files": { "a": {} } }""", "files.a: It lacks 'bytes', 'sha256'.")]
    [InlineData("""{ "files": { "a": { "bytes": 1 } } }""", "files.a: It lacks 'sha256'.")]
    [InlineData("""{ "files": { "a": { "bytes": 1, "sha256": null } } }""", "files.a.sha256: It must not be null.")]
    [InlineData("""{ "files": { "a": { "bytes": 1.5, "sha256": "" } } }""", "files.a.bytes: A whole number of at most 64 bits is expected.")]
    [InlineData("""{ "files": { "a": { "bytes": 1, "sha256": "ABC" } } }""", "files.a.sha256: 'ABC' is not a SHA-256 digest (64 lower-case hexadecimal digits).")]
    public void Values_of_the_wrong_type(string json, string reason) => AssertDraft(json, reason);

    [Theory]
    [InlineData("""{ "task": "detection" }""", "task: It must be 'image-classification' or left out.")]
    [InlineData("""{ "labels": "../labels.txt" }""", "labels: '../labels.txt' is not a file path inside a version's folder.")]
    [InlineData("""{ "preprocess": { "width": 0 } }""", "preprocess.width: It must lie between 1 and 4096.")]
    [InlineData("""{ "preprocess": { "height": 4097 } }""", "preprocess.height: It must lie between 1 and 4096.")]
    [InlineData("""{ "preprocess": { "width": 10, "height": 30, "resize": 20 } }""", "preprocess.resize: It must lie between the longer of width and height and 4096.")]
    [InlineData("""{ "preprocess": { "resize": 5000 } }""", "preprocess.resize: It must lie between the longer of width and height and 4096.")]
    [InlineData("""{ "preprocess": { "scale": 0 } }""", "preprocess.scale: It must be a finite number other than zero.")]
    [InlineData("""{ "preprocess": { "scale": 1e999 } }""", "preprocess.scale: It must be a finite number other than zero.")]
    [InlineData("""{ "preprocess": { "mean": [] } }""", "preprocess.mean: It must hold one finite number a channel.")]
    [InlineData("""{ "preprocess": { "mean": [1, 2] } }""", "preprocess.mean: It must hold one finite number a channel.")]
    [InlineData("""{ "preprocess": { "mean": [1, 2, 1e999] } }""", "preprocess.mean: It must hold one finite number a channel.")]
    [InlineData("""{ "preprocess": { "color": "gray", "mean": [1, 2, 3] } }""", "preprocess.mean: It must hold one finite number a channel.")]
    [InlineData("""{ "preprocess": { "color": "bgr", "std": [1] } }""", "preprocess.std: It must hold one finite number a channel, none of them zero.")]
    [InlineData("""{ "preprocess": { "std": [1, 0, 1] } }""", "preprocess.std: It must hold one finite number a channel, none of them zero.")]
    [InlineData("""{ "postprocess": { "topK": 0 } }""", "postprocess.topK: It must lie between 1 and 1000.")]
    [InlineData("""{ "postprocess": { "topK": 1001 } }""", "postprocess.topK: It must lie between 1 and 1000.")]
    [InlineData("""{ "batching": { "maxRows": 0 } }""", "batching.maxRows: It must lie between 1 and 4096.")]
    [InlineData("""{ "batching": { "maxDelay": "00:00:01.1" } }""", "batching.maxDelay: It must lie between 0 and 1 s.")]
    [InlineData("""{ "batching": { "maxDelay": "-00:00:01" } }""", "batching.maxDelay: It must lie between 0 and 1 s.")]
    [InlineData("""{ "execution": { "intraOpThreads": 257 } }""", "execution.intraOpThreads: It must lie between 1 and 256.")]
    [InlineData("""{ "execution": { "concurrency": 0 } }""", "execution.concurrency: It must lie between 1 and 256.")]
    [InlineData("""{ "golden": [ { "image": "a", "label": "b", "atLeast": 1.1 } ] }""", "golden[0].atLeast: It must lie between 0 and 1.")]
    [InlineData("""{ "golden": [ { "inputs": { "x": "x" }, "outputs": { "y": "y" }, "tolerance": -1 } ] }""", "golden[0].tolerance: It must not be negative.")]
    public void Values_out_of_their_range(string json, string reason) => AssertDraft(json, reason);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "image": "a" }""")]
    [InlineData("""{ "label": "a" }""")]
    [InlineData("""{ "inputs": { "x": "x" } }""")]
    [InlineData("""{ "outputs": { "x": "x" } }""")]
    [InlineData("""{ "inputs": {}, "outputs": {} }""")]
    [InlineData("""{ "inputs": { "x": "x" }, "outputs": {} }""")]
    [InlineData("""{ "image": "a", "outputs": { "x": "x" } }""")]
    [InlineData("""{ "image": "a", "label": "b", "inputs": { "x": "x" }, "outputs": { "y": "y" } }""")]
    [InlineData("""{ "image": "a", "label": "b", "outputs": { "y": "y" } }""")]
    [InlineData("""{ "label": "b", "inputs": { "x": "x" }, "outputs": { "y": "y" } }""")]
    public void Golden_samples_that_are_neither_a_picture_nor_tensors(string sample) =>
        AssertDraft($$"""{ "golden": [ { "image": "a", "label": "b" }, {{sample}} ] }""", $"golden[1]: {Golden}");

    [Theory]
    [InlineData("{}", "files: It is missing: it lists every file with its size and digest.")]
    [InlineData("""{ "files": null }""", "files: It is missing: it lists every file with its size and digest.")]
    [InlineData("""{ "files": {} }""", "files: 'model.onnx' is missing.")]
    [InlineData("""{ "files": { "labels.txt": FILE } }""", "files: 'model.onnx' is missing.")]
    [InlineData("""{ "files": { "model.onnx": null } }""", "files.model.onnx.bytes: It must be there and not negative.")]
    [InlineData("""{ "files": { "model.onnx": FILE, "model.json": FILE } }""", "files: 'model.json' cannot list itself.")]
    [InlineData("""{ "labels": "labels.txt", "files": { "model.onnx": FILE } }""", "files: 'labels.txt' is mentioned but not listed.")]
    [InlineData("""{ "golden": [ { "image": "a.png", "label": "b" } ], "files": { "model.onnx": FILE } }""", "files: 'a.png' is mentioned but not listed.")]
    [InlineData("""{ "golden": [ { "inputs": { "x": "x.bin" }, "outputs": { "y": "y.bin" } } ], "files": { "model.onnx": FILE, "x.bin": FILE } }""", "files: 'y.bin' is mentioned but not listed.")]
    [InlineData("""{ "files": { "model.onnx": FILE, "../x": FILE } }""", "files['../x']: '../x' is not a file path inside a version's folder.")]
    [InlineData("""{ "files": { "model.onnx": FILE, "golden/a/b": FILE, "golden": FILE } }""", "files: 'golden/a/b' lies in a folder that is itself a file.")]
    public void Files_that_do_not_make_a_version(string json, string reason) =>
        AssertMessage(json.Replace("FILE", $$"""{ "bytes": 1, "sha256": "{{Digest}}" }""", StringComparison.Ordinal), reason, ModelManifest.Parse);

    [Fact]
    public void A_size_that_is_negative() =>
        AssertMessage($$"""{ "files": { "model.onnx": { "bytes": -1, "sha256": "{{Digest}}" } } }""", "files.model.onnx.bytes: It must be there and not negative.", ModelManifest.Parse);

    [Fact]
    public void Deep_nesting_is_refused_where_it_begins()
    {
        AssertDraft($$"""{ "golden": {{new string('[', 100_000)}}""", "golden[0]: An object is expected.");
        AssertDraft(new string('[', 100_000), "An object is expected.");
    }

    [Fact]
    public void A_message_stays_short_whatever_the_document_holds()
    {
        var text = new string('q', 4096);
        foreach (var json in new[] { $$"""{ "{{text}}": 1 }""", $$"""{ "labels": "/{{text}}" }""", $$"""{ "task": "x", "{{text}}" """, $$"""{ "golden": [ { "inputs": { "{{text}}": 1 } } ] }""" })
            Assert.InRange(Assert.Throws<InvalidDocumentException>(() => ModelManifest.ParseDraft(Encoding.UTF8.GetBytes(json))).Message.Length, 1, 300);
    }

    private delegate ModelManifest Reading(ReadOnlySpan<byte> json);

    private static void AssertDraft(string json, string reason) => AssertMessage(json, reason, ModelManifest.ParseDraft);

    private static void AssertMessage(string json, string reason, Reading read) =>
        Assert.Equal($"model.json: {reason}", Assert.Throws<InvalidDocumentException>(() => read(Encoding.UTF8.GetBytes(json))).Message);
}
