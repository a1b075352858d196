using System.Text;
using System.Text.Json;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Manifests;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Tests.Unit.Repository;

public sealed class ModelManifestTests
{
    private const string Digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private const string Complete = $$"""
        {
          "task": "image-classification",
          "labels": "labels.txt",
          "preprocess": { "width": 224, "height": 224, "resize": 256, "fit": "crop", "color": "rgb", "layout": "nchw", "scale": 0.00392156862745098, "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225] },
          "postprocess": { "softmax": true, "topK": 5 },
          "batching": { "maxRows": 4, "maxDelay": "00:00:00" },
          "execution": { "profile": "latency", "intraOpThreads": 1, "concurrency": 2 },
          "golden": [ { "image": "golden/sneaker.png", "label": "Sneaker", "atLeast": 0.6 },
                      { "inputs": { "x": "golden/x.bin" }, "outputs": { "y": "golden/y.bin" }, "tolerance": 0.0002 } ],
          "signatureChange": true,
          "files": { "model.onnx": { "bytes": 401233, "sha256": "{{Digest}}" },
                     "labels.txt": { "bytes": 70, "sha256": "{{Digest}}" },
                     "golden/sneaker.png": { "bytes": 300, "sha256": "{{Digest}}" },
                     "golden/x.bin": { "bytes": 0, "sha256": "{{Digest}}" },
                     "golden/y.bin": { "bytes": 5000000000, "sha256": "{{Digest}}" } }
        }
        """;

    [Fact]
    public void Every_member_of_a_complete_manifest_arrives()
    {
        var manifest = Parse(Complete);

        Assert.Equal("image-classification", manifest.Task);
        Assert.Equal("labels.txt", manifest.Labels?.ToString());
        Assert.True(manifest.SignatureChange);

        var preprocess = manifest.Preprocess!;
        Assert.Equal((224, 224, 256), (preprocess.Width, preprocess.Height, preprocess.Resize));
        Assert.Equal((ImageFit.Crop, ChannelOrder.Rgb, TensorLayout.Nchw), (preprocess.Fit, preprocess.Color, preprocess.Layout));
        Assert.Equal(PreprocessPlan.DefaultScale, preprocess.Scale);
        Assert.Equal([0.485f, 0.456f, 0.406f], preprocess.Mean!);
        Assert.Equal([0.229f, 0.224f, 0.225f], preprocess.Std!);

        Assert.Equal(new PostprocessPlan(5) { Softmax = true }, manifest.Postprocess);
        Assert.Equal(new BatchingPlan { MaxRows = 4, MaxDelay = TimeSpan.Zero }, manifest.Batching);
        Assert.Equal(new ExecutionPlan { Profile = ExecutionProfile.Latency, IntraOpThreads = 1, Concurrency = 2 }, manifest.Execution);

        Assert.Collection(manifest.Golden,
            picture =>
            {
                Assert.Equal(("golden/sneaker.png", "Sneaker", 0.6), (picture.Image?.ToString(), picture.Label, picture.AtLeast));
                Assert.Equal(["golden/sneaker.png"], picture.Files.Select(file => file.ToString()));
            },
            tensors =>
            {
                Assert.Equal(2e-4, tensors.Tolerance);
                Assert.Equal(["golden/x.bin", "golden/y.bin"], tensors.Files.Select(file => file.ToString()));
            });

        Assert.Equal(5, manifest.Files!.Count);
        Assert.Equal(new ManifestFile(5_000_000_000, Sha256Digest.Parse(Digest)), manifest.Files[FilePath.Parse("golden/y.bin")]);
    }

    [Fact]
    public void A_written_manifest_reads_back_the_same()
    {
        var once = JsonSerializer.Serialize(Parse(Complete), RepositoryJson.Default.ModelManifest);
        Assert.Equal(once, JsonSerializer.Serialize(Parse(once), RepositoryJson.Default.ModelManifest));
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var manifest = Parse($$"""{ "preprocess": {}, "postprocess": {}, "files": { "model.onnx": { "bytes": 1, "sha256": "{{Digest}}" } } }""");

        Assert.Null(manifest.Task);
        Assert.Null(manifest.Labels);
        Assert.Empty(manifest.Golden);
        Assert.False(manifest.SignatureChange);
        Assert.Equal(new PostprocessPlan(), manifest.Postprocess);
        Assert.Equal(5, manifest.Postprocess!.TopK);
        Assert.Equal(new PreprocessPlan(), manifest.Preprocess);
        Assert.Equal(1f / 255, manifest.Preprocess!.Scale);
        Assert.Null(manifest.Preprocess.Color);
    }

    [Fact]
    public void A_golden_sample_of_tensors_tolerates_a_little_by_default()
    {
        var sample = Assert.Single(ModelManifest.ParseDraft("""{ "golden": [ { "inputs": { "x": "x.bin" }, "outputs": { "y": "y.bin" } } ] }"""u8).Golden);
        Assert.Equal(1e-4, sample.Tolerance);
    }

    [Fact]
    public void A_draft_needs_no_files()
    {
        Assert.Null(ModelManifest.ParseDraft("{}"u8).Files);
        Assert.Equal("labels.txt", ModelManifest.ParseDraft("""{ "labels": "labels.txt" }"""u8).Labels?.ToString());
    }

    [Fact]
    public void A_byte_order_mark_is_no_obstacle() => Assert.Empty(ModelManifest.ParseDraft([0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}']).Golden);

    [Fact]
    public void A_megabyte_is_the_most()
    {
        var largest = Encoding.ASCII.GetBytes("{}".PadRight(ModelManifest.MaxBytes));
        Assert.Empty(ModelManifest.ParseDraft(largest).Golden);
        var problem = Assert.Throws<InvalidDocumentException>(() => ModelManifest.ParseDraft([.. largest, (byte)' ']));
        Assert.Equal("model.json: It is larger than 1048576 bytes.", problem.Message);
    }

    [Fact]
    public void A_thousand_files_are_the_most()
    {
        Assert.Equal(1000, Parse(WithFiles(1000)).Files!.Count);
        Assert.Equal("model.json: files: There are more than 1000.", Assert.Throws<InvalidDocumentException>(() => Parse(WithFiles(1001))).Message);
    }

    private static string WithFiles(int count) =>
        $$"""{ "files": { "model.onnx": {{File}}{{string.Concat(Enumerable.Range(2, count - 1).Select(i => $", \"{i}\": {File}"))}} } }""";

    private const string File = $$"""{ "bytes": 1, "sha256": "{{Digest}}" }""";

    private static ModelManifest Parse(string json) => ModelManifest.Parse(Encoding.UTF8.GetBytes(json));
}
