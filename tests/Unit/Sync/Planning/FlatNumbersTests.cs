using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Detection;
using ModelPlatform.Sync.Planning;
using static ModelPlatform.Tests.Unit.Sync.Planning.Offers;

namespace ModelPlatform.Tests.Unit.Sync.Planning;

/// <summary>What number a model in the flat form is published under.</summary>
public sealed class FlatNumbersTests
{
    // number by date and content seen; number and content published → number to publish ("=" where nothing is published)
    [Theory]
    [InlineData("5 a", null, "5")]
    [InlineData("5 a", "5 a", "=")]
    [InlineData("6 a", "5 a", "=")]                                     // storage says another date of the same content
    [InlineData("4 a", "5 a", "=")]
    [InlineData("6 b", "5 a", "6")]
    [InlineData("5 b", "5 a", "6")]                                     // overwritten within one second
    [InlineData("4 b", "5 a", "6")]                                     // storage's clock went back
    [InlineData("5 b", "9223372036854775807 a", "9223372036854775807")] // there is none above
    public void Another_content_has_a_higher_number_and_the_same_content_keeps_its_own(string seen, string? published, string number)
    {
        var state = published is null ? null : State((Fashion, new DesiredModel { Versions = [Flat(published).Desired] }));
        var next = News(Holding((Fashion, new ModelSnapshot(ServingPolicy.Default, [Flat(seen)]))), state, Known(""));

        if (number == "=") Assert.Null(next);
        else Assert.Equal((number, Flat(seen).Desired.Identity), (next![Fashion].Versions.Single().Version.ToString(), next[Fashion].Versions.Single().Identity));
    }

    [Fact]
    public void A_version_of_the_other_form_keeps_its_number_whatever_was_flat_before()
    {
        var next = News(Holding((Fashion, Model("1"))), State((Fashion, new DesiredModel { Versions = [Flat("20261122120000 a").Desired] })), Known(""));
        Assert.Equal("1", Text(next![Fashion].Versions));
    }

    [Fact]
    public void There_is_no_fallback_since_the_blobs_are_overwritten()
    {
        var (before, after) = (Flat("5 a"), Flat("6 b"));
        var known = new Dictionary<GoodVersion, ModelSignature?> { [new(Fashion, before.Desired.Version, before.Desired.Identity)] = Pictures };
        var next = News(
            Holding((Fashion, new ModelSnapshot(ServingPolicy.Default, [after]))), State((Fashion, new DesiredModel { Versions = [before.Desired], Signature = Pictures })), known);
        Assert.Empty(next![Fashion].Fallback);
        Assert.Equal(Pictures, next[Fashion].Signature);
    }

    private static CommittedVersion Flat(string words)
    {
        var (number, etag) = (words.Split(' ')[0], words.Split(' ')[1]);
        var files = new Dictionary<FilePath, DesiredFile> { [FilePath.Parse("fashion.onnx")] = new(etag, 10) };
        return new CommittedVersion(new DesiredVersion(ModelVersion.Parse(number), Identity.OfBlobs([("fashion.onnx", etag)]), "", files), false, null);
    }
}
