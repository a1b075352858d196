using ModelPlatform.Cli;
using ModelPlatform.Cli.Deleting;
using ModelPlatform.Cli.Storage;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Unit.Cli;

public sealed class DeletePlanTests
{
    private const string Container =
        "fashion/1/model.json fashion/1/model.onnx fashion/2/golden/x.png fashion/2/model.json fashion/2/model.onnx fashion/10/model.json fashion/10/model.onnx fashion/serving.json " +
        "fashion.onnx fashion.labels.txt fashion.serving.json synset.txt readme.txt fashion/readme.txt fashion/1/../../bags/1/model.json fashion/2/../x " +
        "fashion2/1/model.json fashion2.onnx fashion.x/1/model.json bags/1/model.json .platform/desired-state.json .platform/overrides.json";

    // what → the blobs that go one after the other; the others
    [Theory]
    [InlineData("fashion/2", "fashion/2/model.json", "fashion/2/golden/x.png fashion/2/model.onnx")]
    [InlineData("fashion/10", "fashion/10/model.json", "fashion/10/model.onnx")]
    [InlineData("fashion/3", "", "")]
    [InlineData("bags", "bags/1/model.json", "")]
    [InlineData("nobody", "", "")]
    [InlineData("fashion", "fashion.onnx fashion/1/model.json fashion/2/model.json fashion/10/model.json",
        "fashion/1/model.onnx fashion/2/golden/x.png fashion/2/model.onnx fashion/10/model.onnx fashion/serving.json fashion.labels.txt fashion.serving.json")]
    public void What_commits_goes_first_and_nothing_of_others_goes(string target, string commits, string others)
    {
        var plan = Plan(target, Container);
        Assert.Equal((commits, others), (Names(plan.Commits), Names(plan.Others)));
    }

    [Fact]
    public void What_has_no_known_form_is_left_and_told() =>
        Assert.Equal("fashion/readme.txt fashion/1/../../bags/1/model.json fashion/2/../x", Names(Plan("fashion", Container).Foreign));

    [Fact]
    public void A_version_that_somebody_may_be_uploading_is_known() =>
        Assert.Equal("fashion/2", string.Join(' ', Plan("fashion", "fashion/1/model.json fashion/1/model.onnx fashion/2/model.onnx").Incomplete));

    [Theory]
    [InlineData("fashion/3", "fashion/3 is wanted")]
    [InlineData("fashion/2", "fashion/2 is the fallback")]
    [InlineData("fashion/1", null)]
    [InlineData("fashion", "fashion is wanted")]
    [InlineData("flat", "flat is wanted")]
    [InlineData("flat/5", null)]                  // of the same number, but not what is served
    [InlineData("bags/3", null)]
    [InlineData("bags", null)]
    [InlineData("unloaded", null)]
    [InlineData("unloaded/2", null)]
    public void What_is_wanted_or_the_fallback_is_objected_to(string target, string? objection)
    {
        var desired = DesiredState.Empty with
        {
            Models = new Dictionary<ModelName, DesiredModel>
            {
                [ModelName.Parse("fashion")] = new() { Versions = [Desired(3, "fashion/3/")], Fallback = [Desired(2, "fashion/2/")] },
                [ModelName.Parse("flat")] = new() { Versions = [Desired(5, "")] },
                [ModelName.Parse("unloaded")] = new() { Versions = [], Quarantine = [new(Desired(2, "unloaded/2/"), "It is bad.")] },
            },
        };
        var said = DeletePlan.Objection(ModelTarget.Parse(target), desired);
        Assert.Equal(objection, objection is null ? said : said?[..objection.Length]);
        Assert.Null(DeletePlan.Objection(ModelTarget.Parse(target), null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("fashion/")]
    [InlineData("fashion/0")]
    [InlineData("fashion/03")]
    [InlineData("fashion/3/")]
    [InlineData("fashion/3/model.json")]
    [InlineData("fashion/..")]
    [InlineData("../fashion")]
    [InlineData(".platform")]
    [InlineData(".platform/1")]
    [InlineData("fash\0ion")]
    [InlineData("*")]
    public void Nothing_else_is_a_target(string text)
    {
        Assert.Throws<FormatException>(() => ModelTarget.Parse(text));
        Assert.False(ModelTarget.TryParse(text, null, out _));
    }

    private static DeletePlan Plan(string target, string names) =>
        DeletePlan.Of(ModelTarget.Parse(target), names.Split(' ').Select(name => new StoredBlob(name, 1, null, new Azure.ETag("0x1"))));

    private static string Names(IEnumerable<StoredBlob> blobs) => string.Join(' ', blobs.Select(blob => blob.Name));

    private static DesiredVersion Desired(long version, string path) => new(new(version), Identity.OfManifest([]), path, new Dictionary<FilePath, DesiredFile>());
}
