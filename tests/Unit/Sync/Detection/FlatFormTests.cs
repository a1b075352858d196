using System.Text;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Sync.Detection;

namespace ModelPlatform.Tests.Unit.Sync.Detection;

public sealed class FlatFormTests
{
    private const string Manifest = """{ "files": { "model.onnx": { "bytes": 1, "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" } } }""";

    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_graph_and_its_labels_are_one_version_dated_by_the_newer_of_both()
    {
        var version = Only(Blob("m.onnx", "1", 700), Blob("m.labels.txt", "2", 30, Noon.AddSeconds(5).ToOffset(TimeSpan.FromHours(9))));

        Assert.Equal((20261122120005, "", true, false), (version.Desired.Version.Number, version.Desired.Path, version.Desired.IsFlat, version.SignatureChange));
        Assert.Equal(
            [("m.labels.txt", "2", 30), ("m.onnx", "1", 700)],
            version.Desired.Files.Select(file => (file.Key.ToString(), file.Value.Etag, (int)file.Value.Bytes)));
        Assert.All(version.Desired.Files.Values, file => Assert.Null(file.Sha256));
        Assert.Equal(Identity.Parse($"sha256:{Sha256Digest.Of("m.labels.txt\n2\nm.onnx\n1\n"u8)}"), version.Desired.Identity);
    }

    [Theory]
    [InlineData("m.onnx", "m.onnx")]
    [InlineData("m.onnx synset.txt", "m.onnx synset.txt")]
    [InlineData("m.onnx synset.txt m.labels.txt", "m.labels.txt m.onnx")]      // its own before the shared ones
    [InlineData("m.labels.txt m.onnx", "m.labels.txt m.onnx")]
    [InlineData("m.onnx other.labels.txt", "m.onnx")]
    public void Labels_are_its_own_or_else_the_shared_ones(string blobs, string files) =>
        Assert.Equal(files, string.Join(' ', Only(Blobs(blobs)).Desired.Files.Keys));

    [Theory]
    [InlineData("m.labels.txt")]
    [InlineData("synset.txt")]
    [InlineData("m.labels.txt synset.txt")]
    public void Labels_alone_are_nothing(string blobs)
    {
        var snapshot = Read(Blobs(blobs));
        Assert.Empty(snapshot.Models);
        Assert.Empty(snapshot.Problems);
    }

    [Fact]
    public void Another_etag_of_either_blob_is_another_identity_and_another_date_is_not()
    {
        var identities = new[]
        {
            Only(Blob("m.onnx", "1"), Blob("synset.txt", "1")),
            Only(Blob("m.onnx", "2"), Blob("synset.txt", "1")),
            Only(Blob("m.onnx", "1"), Blob("synset.txt", "2")),
            Only(Blob("m.onnx", "1"), Blob("m.labels.txt", "1")),
            Only(Blob("n.onnx", "1"), Blob("synset.txt", "1")),
            Only(Blob("m.onnx", "1")),
        }.Select(version => version.Desired.Identity).ToList();

        Assert.Equal(identities.Count, identities.Distinct().Count());
        Assert.Equal(identities[0], Only(Blob("m.onnx", "1", 9, Noon.AddDays(-1)), Blob("synset.txt", "1")).Desired.Identity);
    }

    [Theory]
    [InlineData(Manifest, 1)]
    [InlineData("{ \"files\": {} }", 0)]           // committed, but bad: what is published stays, and the flat blob does not slip in
    public void The_versioned_form_wins_and_the_other_is_a_problem(string manifest, int versions)
    {
        var snapshot = Read(manifest, Blobs("m.onnx m/1/model.onnx m/1/model.json"));
        Assert.Equal(versions, snapshot.Models.Single().Value.Committed.Count(version => version.Desired.Path == "m/1/"));
        Assert.DoesNotContain(snapshot.Models.Single().Value.Committed, version => version.Desired.IsFlat);
        Assert.Contains(snapshot.Problems, problem => problem.Blob.Name == "m.onnx");
    }

    [Fact]
    public void A_version_that_is_still_being_uploaded_does_not_take_its_place()
    {
        var snapshot = Read(Blobs("m.onnx m/1/model.onnx"));
        Assert.True(Assert.Single(snapshot.Models.Single().Value.Committed).Desired.IsFlat);
        Assert.Empty(snapshot.Problems);
    }

    [Fact]
    public void A_date_alone_is_no_change() =>
        Assert.True(new Listing([Blob("m.onnx", "1")], null).ShowsSameAs(new Listing([Blob("m.onnx", "1", modified: Noon.AddDays(1))], null)));

    // blobs, of which each serving.json says what follows its name → the transition that holds ("?" where nothing is known); the blob with a problem
    [Theory]
    [InlineData("m.onnx m.serving.json={}", "Availability", null)]
    [InlineData("m.onnx m.serving.json={\"transition\":\"memory\"}", "Memory", null)]
    [InlineData("m.onnx m.serving.json={\"versions\":{\"latest\":3}}", "Availability", null)]
    [InlineData("m.onnx m.serving.json={\"versions\":{\"all\":true}}", "Availability", null)]
    [InlineData("m.onnx m.serving.json={\"versions\":{\"only\":[1]}}", "?", "m.serving.json")]
    [InlineData("m.onnx m.serving.json={\"versions\":{\"only\":[20261122120000]}}", "?", "m.serving.json")]    // its number of now: the next content has another
    [InlineData("m.onnx m.serving.json={\"transit\":1}", "?", "m.serving.json")]
    [InlineData("m.onnx n.serving.json={\"transition\":\"memory\"}", "Availability", null)]
    [InlineData("m.onnx m/serving.json={\"transition\":\"memory\"}", "Availability", "m/serving.json")]
    [InlineData("m.onnx m/serving.json={\"transition\":1} m.serving.json={\"transition\":\"memory\"}", "Memory", "m/serving.json")]
    [InlineData("m/1/model.onnx m/1/model.json m.serving.json={\"transition\":\"memory\"}", "Availability", "m.serving.json")]
    [InlineData("m/1/model.onnx m/1/model.json m.serving.json={\"transition\":1} m/serving.json={\"transition\":\"memory\"}", "Memory", "m.serving.json")]
    public void The_serving_json_of_the_form_that_is_served_counts(string blobs, string transition, string? problem)
    {
        var contents = blobs.Split(' ').Select(blob => blob.Split('=')).ToDictionary(blob => blob[0], blob => blob.Length > 1 ? blob[1] : Manifest);
        var snapshot = RepositorySnapshot.Of(
            RepositoryTree.Of(contents.Keys.Select(name => Blob(name, "1"))), _ => Parse(Manifest), blob => Parse(contents[blob.Name], json => ServingPolicy.Parse(json)));

        Assert.Equal(transition, Assert.Single(snapshot.Models).Value.Policy?.Transition.ToString() ?? "?");
        Assert.Equal(problem is null ? [] : [problem], snapshot.Problems.Select(each => each.Blob.Name));
    }

    [Fact]
    public void A_serving_json_alone_is_nothing()
    {
        var snapshot = Read(Blobs("m.serving.json"));
        Assert.Empty(snapshot.Models);
        Assert.Empty(snapshot.Problems);
    }

    private static CommittedVersion Only(params ListedBlob[] blobs) => Assert.Single(Assert.Single(Read(blobs).Models).Value.Committed);

    private static RepositorySnapshot Read(params ListedBlob[] blobs) => Read("{}", blobs);

    private static RepositorySnapshot Read(string manifest, ListedBlob[] blobs) => RepositorySnapshot.Of(RepositoryTree.Of(blobs), _ => Parse(manifest), _ => new Reading<ServingPolicy>(null, null));

    private static Reading<IdentifiedManifest> Parse(string manifest) => Parse(manifest, IdentifiedManifest.Read);

    private static Reading<T> Parse<T>(string content, Func<byte[], T> parse) where T : class
    {
        try { return new Reading<T>(parse(Encoding.UTF8.GetBytes(content)), null); }
        catch (ModelPlatform.Repository.Json.InvalidDocumentException invalid) { return new Reading<T>(null, invalid.Message); }
    }

    private static ListedBlob[] Blobs(string names) => [.. names.Split(' ').Select(name => Blob(name, "1"))];

    private static ListedBlob Blob(string name, string etag, long bytes = 1, DateTimeOffset? modified = null) => new(name, etag, bytes, null, modified ?? Noon);
}
