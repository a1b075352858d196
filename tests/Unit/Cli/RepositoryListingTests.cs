using ModelPlatform.Cli.Listing;
using ModelPlatform.Cli.Storage;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Unit.Cli;

public sealed class RepositoryListingTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Models_come_by_name_and_their_latest_version_first()
    {
        var listing = Listing("b/1/model.json", "a/2/model.json", "a/10/model.json", "a/9/model.json");
        Assert.Equal(["a/10", "a/9", "a/2", "b/1"], listing.Versions.Select(version => $"{version.Model}/{version.Version}"));
    }

    [Fact]
    public void The_manifest_commits_a_version_and_says_when()
    {
        var listing = RepositoryListing.Of([Blob("a/1/model.onnx", 100, Noon), Blob("a/1/model.json", 10, Noon.AddSeconds(1)), Blob("a/2/model.onnx", 100, Noon), Blob("a/2/golden/model.json", 1, Noon)]);
        Assert.Equal(
            [
                new ListedVersion(Name("a"), new(2), VersionState.Incomplete, 2, 101, null),
                new ListedVersion(Name("a"), new(1), VersionState.Committed, 2, 110, Noon.AddSeconds(1)),
            ],
            listing.Versions);
    }

    [Fact]
    public void What_belongs_to_no_model_is_told_and_bookkeeping_is_not()
    {
        var listing = Listing("readme.txt", "a/serving.json", "a/1/model.json", ".platform/desired-state.json", "a/v2/model.onnx");
        Assert.Single(listing.Versions);
        Assert.Equal(
            ["'readme.txt' lies in no model's folder.", "'a/v2/model.onnx' lies in no version's folder of 'a' (a positive integer without leading zeros)."],
            listing.Foreign);
    }

    // blobs → the flat models, each with the number of its blobs; what is told besides
    [Theory]
    [InlineData("b.onnx a.onnx", "a:1 b:1", "")]
    [InlineData("synset.txt b.onnx a.onnx a.labels.txt", "a:2 b:2", "")]
    [InlineData("a.onnx a.serving.json a.labels.txt", "a:2", "")]
    [InlineData("a.labels.txt synset.txt", "", "")]
    [InlineData("a.onnx a/1/model.onnx", "a:1", "")]                      // somebody is uploading its first version
    [InlineData("a.onnx b.onnx a/1/model.json", "b:1", "'a.onnx' does not count where versions are committed in 'a/'.")]
    public void Models_at_the_root_are_listed_where_no_version_is_committed(string blobs, string flat, string told)
    {
        var listing = Listing(blobs.Split(' '));
        Assert.Equal(flat, string.Join(' ', listing.Versions.Where(version => version.State == VersionState.Flat).Select(version => $"{version.Model}:{version.Files}")));
        Assert.Equal(told, string.Join(' ', listing.Foreign));
    }

    [Fact]
    public void A_flat_model_has_the_number_under_which_exactly_its_content_is_published()
    {
        var identity = Identity.OfBlobs([("a.onnx", "0x1"), ("synset.txt", "0x1")]);
        var desired = new DesiredVersion(new(20261122120000), identity, "", new Dictionary<FilePath, DesiredFile>());
        var state = DesiredState.Empty with { Models = new Dictionary<ModelName, DesiredModel> { [Name("a")] = new() { Versions = [desired] } } };

        var listed = Assert.Single(Listing("a.onnx", "synset.txt").With(state).Versions);
        Assert.Equal((desired.Version, "wanted", identity, Noon), (listed.Version, listed.Desired, listed.Identity, listed.Published));

        var before = Assert.Single(Listing("a.onnx").With(state).Versions);
        Assert.Equal((null, null), (before.Version, before.Desired));
    }

    [Fact]
    public void One_model_is_listed_without_the_others_and_in_either_form()
    {
        string[] blobs = ["a.onnx", "synset.txt", "b/1/model.json", "readme.txt"];
        Assert.Equal((Name("a"), 2), Assert.Single(Of("a").Versions) is var a ? (a.Model, a.Files) : default);
        Assert.Equal(Name("b"), Assert.Single(Of("b").Versions).Model);
        Assert.Empty(Of("a").Foreign);

        RepositoryListing Of(string name) => RepositoryListing.Of(blobs.Select(blob => Blob(blob, 1, Noon)), Name(name));
    }

    [Fact]
    public void Wanted_versions_and_the_fallback_are_marked()
    {
        var desired = DesiredState.Empty with
        {
            Models = new Dictionary<ModelName, DesiredModel> { [Name("a")] = new() { Versions = [Desired(3)], Fallback = [Desired(2)] } },
        };
        var listing = Listing("a/3/model.json", "a/2/model.json", "a/1/model.json", "b/3/model.json");
        Assert.Equal(["wanted", "fallback", null, null], listing.With(desired).Versions.Select(version => version.Desired));
        Assert.All(listing.With(null).Versions, version => Assert.Null(version.Desired));
    }

    [Fact]
    public void The_next_version_follows_the_latest_committed_one()
    {
        Assert.Equal(new ModelVersion(1), Stored().NextVersion());
        Assert.Equal(new ModelVersion(11), Stored("a/2/model.json", "a/10/model.json", "a/11/model.onnx").NextVersion());
        Assert.Equal(3, Assert.Throws<ModelPlatform.Cli.CommandFailure>(() => Stored($"a/{long.MaxValue}/model.json").NextVersion()).ExitCode);

        static ModelPlatform.Cli.Publishing.StoredModel Stored(params string[] names) => new(names.Select(name => Blob(name, 1, Noon)));
    }

    private static RepositoryListing Listing(params string[] names) => RepositoryListing.Of(names.Select(name => Blob(name, 1, Noon)));

    private static StoredBlob Blob(string name, long bytes, DateTimeOffset modified) => new(name, bytes, modified, new Azure.ETag("0x1"));

    private static DesiredVersion Desired(long version) => new(new(version), Identity.OfManifest([]), $"a/{version}/", new Dictionary<FilePath, DesiredFile>());

    private static ModelName Name(string text) => ModelName.Parse(text);
}
