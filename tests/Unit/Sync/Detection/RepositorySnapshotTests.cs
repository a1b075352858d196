using System.Text;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Sync.Detection;

namespace ModelPlatform.Tests.Unit.Sync.Detection;

public sealed class RepositorySnapshotTests
{
    private const string Digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Manifest = $$"""{ "signatureChange": true, "files": { "model.onnx": { "bytes": 5, "sha256": "{{Digest}}" } } }""";

    [Fact]
    public void A_version_is_committed_with_every_file_and_model_json_itself()
    {
        var version = Assert.Single(Read(new() { ["fashion/2/model.json"] = Manifest, ["fashion/2/model.onnx"] = "graph" }).Models.Single().Value.Committed);

        Assert.True(version.SignatureChange);
        Assert.Equal("fashion/2/", version.Desired.Path);
        Assert.Equal(Identity.OfManifest(Encoding.UTF8.GetBytes(Manifest)), version.Desired.Identity);
        Assert.Equal(
            [(RepositoryLayout.Manifest, "\"fashion/2/model.json\"", Manifest.Length), (RepositoryLayout.ModelFile, "\"fashion/2/model.onnx\"", 5)],
            version.Desired.Files.Select(file => (file.Key, file.Value.Etag, (int)file.Value.Bytes)));
        Assert.Equal(version.Desired.Identity.Digest, version.Desired.Files[RepositoryLayout.Manifest].Sha256);
    }

    [Fact]
    public void A_blob_of_another_size_is_published_with_the_size_that_model_json_says()
    {
        var version = Assert.Single(Read(new() { ["fashion/2/model.json"] = Manifest, ["fashion/2/model.onnx"] = "much longer than five bytes" }).Models.Single().Value.Committed);
        Assert.Equal(5, version.Desired.Files[RepositoryLayout.ModelFile].Bytes);
    }

    [Theory]
    [InlineData("fashion/2/model.onnx", null, null)]                                       // model.json is still to come: nothing is wrong
    [InlineData("fashion/2/model.json", Manifest, "'model.onnx' is listed in model.json but not there.")]
    [InlineData("fashion/2/model.json", "{", "model.json: ")]
    [InlineData("fashion/2/model.json", """{ "labls": "x" }""", "model.json: labls: This member is not known.")]
    [InlineData("fashion/2/model.json", "{}", "model.json: files: ")]
    [InlineData("fashion/serving.json", """{ "versions": {} }""", "serving.json: versions: ")]
    public void What_is_not_complete_or_valid_is_not_committed(string blob, string? content, string? problem)
    {
        var snapshot = Read(new() { [blob] = content ?? "" });

        Assert.Empty(snapshot.Models.Single().Value.Committed);
        if (problem is null) Assert.Empty(snapshot.Problems);
        else Assert.StartsWith(problem, Assert.Single(snapshot.Problems).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_serving_json_that_asks_for_what_is_not_there_is_a_problem()
    {
        var snapshot = Read(new() { ["m/1/model.json"] = Manifest, ["m/1/model.onnx"] = "graph", ["m/serving.json"] = """{ "versions": { "only": [ 9 ] } }""" });
        Assert.Equal("m/serving.json", Assert.Single(snapshot.Problems).Blob.Name);
    }

    [Theory]
    [InlineData("readme.txt")]
    [InlineData("fashion!.onnx")]
    [InlineData("../model.json")]
    [InlineData("fashion/../2/model.json")]
    [InlineData("fashion/2/../../3/model.json")]
    [InlineData("%2e%2e/2/model.json")]
    [InlineData("fashion/02/model.json")]
    [InlineData("fashion/2/a\0b")]
    [InlineData("fаshion/2/model.json")]
    [InlineData("/2/model.json")]
    public void Hostile_names_are_problems_and_make_no_model(string name)
    {
        var snapshot = Read(new() { [name] = Manifest });
        Assert.Empty(snapshot.Models);
        Assert.Equal(name, Assert.Single(snapshot.Problems).Blob.Name);
    }

    [Fact]
    public void A_name_of_four_kilobytes_is_a_problem_with_a_short_reason() =>
        Assert.True(Assert.Single(Read(new() { [new string('a', 4096) + "/1/model.json"] = "" }).Problems).Reason.Length < 400);

    [Fact]
    public void The_platforms_own_blobs_make_no_model_and_no_problem()
    {
        var snapshot = Read(new() { [".platform/desired-state.json"] = "{}", [".platform/leader"] = "" });
        Assert.Empty(snapshot.Models);
        Assert.Empty(snapshot.Problems);
    }

    private static RepositorySnapshot Read(Dictionary<string, string> contents)
    {
        var tree = RepositoryTree.Of(contents.Select(blob => new ListedBlob(blob.Key, $"\"{blob.Key}\"", blob.Value.Length)));
        return RepositorySnapshot.Of(tree, blob => Parse(contents[blob.Name], IdentifiedManifest.Read), blob => Parse(contents[blob.Name], json => ServingPolicy.Parse(json)));
    }

    private static Reading<T> Parse<T>(string content, Func<byte[], T> parse) where T : class
    {
        try { return new Reading<T>(parse(Encoding.UTF8.GetBytes(content)), null); }
        catch (InvalidDocumentException invalid) { return new Reading<T>(null, invalid.Message); }
    }
}
