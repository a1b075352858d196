using System.Text;
using ModelPlatform.Cli.Publishing;
using ModelPlatform.Repository.Manifests;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Tests.Unit.Cli;

public sealed class PublishPlanTests
{
    private static readonly FolderFile Model = new("model.onnx", 100);

    [Fact]
    public void A_folder_with_a_model_is_a_version()
    {
        var plan = Plan([Model, new("golden/x.png", 7)]);
        Assert.Empty(plan.Problems);
        Assert.Equal(["model.onnx", "golden/x.png"], plan.Files.Select(file => file.Path.ToString()));
        Assert.Equal(107, plan.Bytes);
    }

    [Fact]
    public void The_manifest_is_the_draft_and_the_files()
    {
        var plan = Plan([new("b.bin", 2), Model, new("labels.txt", 7), new("model.json", 50)], """{ "task": "image-classification", "labels": "labels.txt" }""");
        var manifest = ModelManifest.Parse(plan.Manifest(Hashed(plan)));

        Assert.Equal("image-classification", manifest.Task);
        Assert.Equal(["b.bin", "labels.txt", "model.onnx"], manifest.Files!.Keys.Select(path => path.ToString()));
        Assert.Equal(new ManifestFile(7, Digest("labels.txt")), manifest.Files[FilePath.Parse("labels.txt")]);
    }

    [Fact]
    public void The_same_folder_always_gives_the_same_identity()
    {
        var one = Plan([Model, new("a", 1), new("b", 2)], """{ "execution": { "concurrency": 2 }, "postprocess": { "topK": 3 } }""");
        var other = Plan([new("b", 2), Model, new("a", 1)], """{ "postprocess": { "topK": 3 }, "execution": { "concurrency": 2 } }""");
        Assert.Equal(Identity.OfManifest(one.Manifest(Hashed(one))), Identity.OfManifest(other.Manifest(Hashed(other).Reverse())));
    }

    [Fact]
    public void Manifests_are_compared_by_what_they_say()
    {
        var digest = Digest("model.onnx");
        var ours = Plan([Model]).Manifest([new HashedFile(new PlannedFile(RepositoryLayout.ModelFile, 100), digest, default)]);
        Assert.True(PublishPlan.SameContent(ours, ours));
        Assert.True(PublishPlan.SameContent(ours, Json($$"""{"files":{"model.onnx":{"sha256":"{{digest}}","bytes":100} },"golden":[]}""")));
        Assert.False(PublishPlan.SameContent(ours, Json($$"""{"files":{"model.onnx":{"sha256":"{{digest}}","bytes":101} } }""")));
        Assert.False(PublishPlan.SameContent(ours, Json($$"""{"files":{"model.onnx":{"sha256":"{{digest}}","bytes":100} },"postprocess":{} }""")));
        Assert.False(PublishPlan.SameContent(ours, Json("{}")));
        Assert.False(PublishPlan.SameContent(ours, []));
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        var plan = Plan([new("modèle.onnx", 1), new("a\nb", 1)], """{ "labels": "labels.txt", "golden": [ { "image": "a.png", "label": "A" } ] }""");
        Assert.Equal(
            [
                "'mod\\u00e8le.onnx' is not a name for a file of a version: letters, digits, '.', '_', '-', '+' and spaces, at most 512 characters.",
                "'a\\u000ab' is not a name for a file of a version: letters, digits, '.', '_', '-', '+' and spaces, at most 512 characters.",
                "model.onnx is missing.",
                "model.json mentions 'a.png', which is missing.",
                "model.json mentions 'labels.txt', which is missing.",
            ],
            plan.Problems);
    }

    [Theory]
    [InlineData("", "model.json: It is empty.")]
    [InlineData("{ \"lables\": 1 }", "model.json: lables: This member is not known.")]
    [InlineData("{ \"postprocess\": { \"topK\": 0 } }", "model.json: postprocess.topK: It must lie between 1 and 1000.")]
    [InlineData("{ \"files\": {} }", "model.json: files: Leave it out: it is written when the version is published.")]
    public void A_wrong_draft_is_told_in_its_own_words(string draft, string problem) => Assert.Equal([problem], Plan([Model], draft).Problems);

    [Fact]
    public void What_no_reader_would_take_is_not_published()
    {
        var many = Enumerable.Range(0, 1000).Select(i => new FolderFile($"{i}", 1));
        Assert.Equal(["model.json: files: There are more than 1000."], Plan([Model, .. many]).Problems);
    }

    [Fact]
    public void Names_differ_by_case() => Assert.Equal(["model.onnx is missing."], Plan([new("Model.onnx", 1)]).Problems);

    [Theory]
    [InlineData("samples/fashion/1")]
    [InlineData("samples/fashion/2")]
    public void The_samples_can_be_published(string folder)
    {
        var sample = new ModelFolder(Shared.RepositoryRoot.Combine(folder.Split('/')));
        Assert.Empty(PublishPlan.Of(sample.List(), sample.ReadDraft()).Problems);
    }

    private static PublishPlan Plan(IReadOnlyList<FolderFile> listing, string? draft = null) => PublishPlan.Of(listing, draft is null ? null : Json(draft));

    private static IEnumerable<HashedFile> Hashed(PublishPlan plan) => plan.Files.Select(file => new HashedFile(file, Digest(file.Path.ToString()), default));

    private static Sha256Digest Digest(string text) => Sha256Digest.Of(Json(text));

    private static byte[] Json(string text) => Encoding.UTF8.GetBytes(text);
}
