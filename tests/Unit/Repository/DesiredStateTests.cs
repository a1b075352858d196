using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Unit.Repository;

public sealed class DesiredStateTests
{
    private const string Digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private const string Document = $$"""
        { "schema": 1, "generation": 42, "published": "2026-11-22T10:00:00+00:00", "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
          "models": { "fashion": {
            "versions": [ { "version": "2", "identity": "sha256:{{Digest}}", "path": "fashion/2/", "files": { "model.onnx": { "etag": "0x1", "bytes": 7, "sha256": "{{Digest}}" } } } ],
            "fallback": [ { "version": "1", "identity": "sha256:{{Digest}}", "path": "fashion/1/", "files": { "model.onnx": { "etag": "0x2", "bytes": 5, "sha256": "{{Digest}}" },
                                                                                                             "model.json": { "etag": "0x3", "bytes": 6, "sha256": "{{Digest}}" } } } ],
            "transition": "availability",
            "candidate": { "versions": [ { "version": "3", "identity": "sha256:{{Digest}}", "path": "fashion/3/", "files": { "model.onnx": { "etag": "0x4", "bytes": 8, "sha256": "{{Digest}}" } } } ], "generation": 41 },
            "replicas": { "a": "candidate" },
            "quarantine": [ { "version": { "version": "4", "identity": "sha256:{{Digest}}", "path": "fashion/4/", "files": { "model.onnx": { "etag": "0x5", "bytes": 9, "sha256": "{{Digest}}" } } }, "reason": "a: It is bad." } ] } } }
        """;

    [Fact]
    public void The_document_is_written_as_it_was_read()
    {
        var state = Parse(Document);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Document), JsonNode.Parse(state.ToJson())), Encoding.UTF8.GetString(state.ToJson()));
    }

    [Fact]
    public void Every_member_arrives()
    {
        var state = Parse(Document);
        Assert.Equal((1, 42), (state.Schema, state.Generation));
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero), state.Published);
        Assert.StartsWith("00-0af7", state.Traceparent, StringComparison.Ordinal);

        var model = state.Models[ModelName.Parse("fashion")];
        Assert.Equal(Transition.Availability, model.Transition);
        Assert.Null(model.Signature);
        var wanted = Assert.Single(model.Versions);
        Assert.Equal((new ModelVersion(2), "fashion/2/", 7), (wanted.Version, wanted.Path, wanted.Bytes));
        Assert.Equal(new DesiredFile("0x1", 7, Sha256Digest.Parse(Digest)), wanted.Files[RepositoryLayout.ModelFile]);
        Assert.Equal(11, Assert.Single(model.Fallback).Bytes);
    }

    [Fact]
    public void Sizes_that_nobody_can_have_are_no_overflow()
    {
        var claimed = Document.Replace("\"bytes\": 5", $"\"bytes\": {long.MaxValue}", StringComparison.Ordinal);
        Assert.Equal(long.MaxValue, Assert.Single(Parse(claimed).Models[ModelName.Parse("fashion")].Fallback).Bytes);
    }

    [Fact]
    public void A_file_of_the_flat_form_has_no_digest()
    {
        var flat = Document.Replace("\"fashion/2/\"", "\"\"", StringComparison.Ordinal).Replace($"\"bytes\": 7, \"sha256\": \"{Digest}\"", "\"bytes\": 7", StringComparison.Ordinal);
        var state = Parse(flat);
        var wanted = Assert.Single(state.Models[ModelName.Parse("fashion")].Versions);
        Assert.True(wanted.IsFlat);
        Assert.Equal(new DesiredFile("0x1", 7), wanted.Files[RepositoryLayout.ModelFile]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(flat), JsonNode.Parse(state.ToJson())), Encoding.UTF8.GetString(state.ToJson()));
    }

    [Fact]
    public void A_signature_travels_with_the_model()
    {
        var state = Parse(Document);
        var name = ModelName.Parse("fashion");
        var signature = new ModelSignature([new TensorSignature("image", "FP32", 4)], []);
        var read = DesiredState.Parse((state with { Models = new Dictionary<ModelName, DesiredModel> { [name] = state.Models[name] with { Signature = signature } } }).ToJson());
        Assert.Null(read.Models[name].Signature!.DifferenceTo(signature));
        Assert.Equal("FP32", Assert.Single(read.Models[name].Signature!.Inputs).Datatype);
    }

    [Fact]
    public void Members_of_a_newer_release_are_ignored()
    {
        var newer = JsonNode.Parse(Document)!;
        newer["rollouts"] = new JsonObject { ["a"] = 1 };
        newer["models"]!["fashion"]!["shards"] = new JsonObject();
        newer["models"]!["fashion"]!["versions"]![0]!["weight"] = 0.5;
        newer["models"]!["fashion"]!["versions"]![0]!["files"]!["model.onnx"]!["tier"] = "hot";
        Assert.Equal(Parse(Document).ToJson(), Parse(newer.ToJsonString()).ToJson());
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var model = Parse("""{ "schema": 1, "generation": 1, "published": "2026-11-22T10:00:00Z", "models": { "a": { "versions": [] } } }""").Models[ModelName.Parse("a")];
        Assert.Empty(model.Fallback);
        Assert.Equal(Transition.Availability, model.Transition);
    }

    [Fact]
    public void The_empty_document_reads_back() => Assert.Empty(DesiredState.Parse(DesiredState.Empty.ToJson()).Models);

    [Theory]
    [InlineData("\"schema\": 1", "\"schema\": 2", "schema: It is 2; this release reads 1.")]
    [InlineData("\"schema\": 1, ", "", "schema: It is 0; this release reads 1.")]
    [InlineData("\"generation\": 42, ", "", "It lacks 'generation'.")]
    [InlineData("\"generation\": 42", "\"generation\": \"42\"", "generation: A number is expected.")]
    [InlineData("\"generation\": 42", "\"generation\": -1", "generation: It must lie between 0 and 9007199254740992.")]
    [InlineData("\"generation\": 42", "\"generation\": 9223372036854775807", "generation: It must lie between 0 and 9007199254740992.")]
    [InlineData("2026-11-22T10:00:00+00:00", "yesterday", "published: A time such as \"2026-11-22T10:00:00Z\" is expected.")]
    [InlineData("\"fashion\": {", "\"..\": {", "models['..']: '..' is not a model name (1 to 63 letters, digits, '.', '_' or '-', beginning and ending with a letter or digit).")]
    [InlineData("\"fashion\": {", "\"x\": null, \"fashion\": {", "models.x: It must not be or hold null.")]
    [InlineData("\"versions\": [", "\"versions\": [ null, ", "models.fashion: It must not be or hold null.")]
    [InlineData("\"fallback\": [", "\"fallback\": [ null, ", "models.fashion: It must not be or hold null.")]
    [InlineData("\"files\": {", "\"files\": { \"a\": null, ", "models.fashion: It must not be or hold null.")]
    [InlineData("\"version\": \"2\"", "\"version\": 2", "models.fashion.versions[0].version: A string is expected.")]
    [InlineData("\"version\": \"2\"", "\"version\": \"02\"", "models.fashion.versions[0].version: '02' is not a version (a positive integer without leading zeros).")]
    [InlineData("\"model.onnx\"", "\"../model.onnx\"", "models.fashion.versions[0].files['../model.onnx']: '../model.onnx' is not a file path inside a version's folder.")]
    [InlineData("\"etag\": \"0x1\"", "\"etag\": null", "models.fashion.versions[0].files['model.onnx'].etag: It must not be null.")]
    [InlineData("\"identity\": \"sha256:", "\"identity\": \"md5:", "models.fashion.versions[0].identity: 'md5:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef' is not an identity (sha256: and 64 hexadecimal digits).")]
    public void Whatever_is_wrong_is_named(string right, string wrong, string reason)
    {
        var at = Document.IndexOf(right, StringComparison.Ordinal);
        var json = Document.Remove(at, right.Length).Insert(at, wrong);
        Assert.Equal($"desired-state.json: {reason}", Assert.Throws<InvalidDocumentException>(() => Parse(json)).Message);
    }

    [Fact]
    public void A_document_cut_short_is_refused()
    {
        var whole = Encoding.UTF8.GetBytes(Document);
        for (var length = 0; length < whole.Length; length++)
        {
            var cut = whole[..length];
            Assert.Throws<InvalidDocumentException>(() => DesiredState.Parse(cut));
        }
    }

    [Fact]
    public void Deep_nesting_of_what_is_ignored_is_refused() => Assert.Throws<InvalidDocumentException>(() => Parse($$"""{ "x": {{new string('[', 100_000)}}"""));

    private static DesiredState Parse(string json) => DesiredState.Parse(Encoding.UTF8.GetBytes(json));
}
