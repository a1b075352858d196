using ModelPlatform.Cli.Status;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Unit.Cli;

public sealed class StatusReportTests
{
    private static readonly ModelName Fashion = ModelName.Parse("fashion");
    private static readonly ModelName Other = ModelName.Parse("other");

    // wanted versions of fashion ("none": nothing is published); what each replica says of them ("-": it is not connected) → settled
    [Theory]
    [InlineData("2", "2=serving | 2=serving", true)]
    [InlineData("2", "2=serving 1=serving | 2=serving", true)]              // the old one is on its way out
    [InlineData("2", "2=serving | 2=loading", false)]
    [InlineData("2", "2=serving | 2=rejected 1=serving", false)]
    [InlineData("2", "2=serving | 2=retrying", false)]
    [InlineData("2", "2=serving |", false)]
    [InlineData("2", "2=serving | - 2=loading", true)]                      // it is gone
    [InlineData("2", "- 2=serving", false)]
    [InlineData("2", "", false)]
    [InlineData("2 1", "2=serving | 2=serving", false)]
    [InlineData("2 1", "2=serving 1=serving", true)]
    [InlineData("", "1=serving", true)]
    [InlineData("none", "1=serving", false)]
    [InlineData("2b", "2=serving", false)]                                  // the content that was there before
    public void It_is_settled_once_every_connected_replica_serves_all_that_is_wanted(string wanted, string replicas, bool settled) =>
        Assert.Equal(settled, StatusReport.Of(wanted == "none" ? null : State(wanted), Replicas(replicas), []).Settled);

    [Fact]
    public void Versions_come_with_what_is_wanted_of_them_and_who_serves_them()
    {
        var report = StatusReport.Of(State("3", "2"), Replicas("3=rejected 2=serving | 3=loading 1=serving | - 2=serving"), []);
        Assert.Equal(
            [("3", "wanted", 0), ("2", "fallback", 1), ("1", null, 1)],
            report.Versions.Select(version => (version.Version.ToString(), version.Desired, version.ServedBy)));
        Assert.Equal(["r0:Rejected", "r1:Loading"], report.Versions[0].Replicas.Select(word => $"{word.Id}:{word.State}"));
    }

    [Fact]
    public void One_model_leaves_out_what_is_of_others()
    {
        var state = State("1") with { Models = new Dictionary<ModelName, DesiredModel>(State("1").Models) { [Other] = State("1").Models[Fashion] } };
        RepositoryProblem[] problems = [new("fashion/x", ""), new("fashion.serving.json", ""), new("fashion2/x", ""), new("readme.txt", "")];
        var report = StatusReport.Of(state, Replicas("1=serving"), problems, Fashion);
        Assert.Equal(Fashion, Assert.Single(report.Versions).Model);
        Assert.Equal(["fashion/x", "fashion.serving.json"], report.Problems.Select(problem => problem.Blob));
        Assert.True(report.Settled);
        Assert.False(StatusReport.Of(state, Replicas("1=serving"), problems).Settled);
    }

    private static DesiredState State(string wanted, string fallback = "") => DesiredState.Empty with
    {
        Generation = 7,
        Models = new Dictionary<ModelName, DesiredModel> { [Fashion] = new() { Versions = Versions(wanted), Fallback = Versions(fallback) } },
    };

    private static List<DesiredVersion> Versions(string words) =>
        [.. Words(words).Select(word => new DesiredVersion(ModelVersion.Parse(word.TrimEnd('b')), IdentityOf(word), "fashion/", new Dictionary<FilePath, DesiredFile>()))];

    private static List<ReplicaStatus> Replicas(string text) => text.Length == 0 ? [] :
        [.. text.Split('|').Select((words, index) => new ReplicaStatus($"r{index}", !words.Contains('-', StringComparison.Ordinal), 7, new Dictionary<ModelName, IReadOnlyDictionary<ModelVersion, VersionStatus>>
        {
            [Fashion] = Words(words).Where(word => word != "-").Select(word => word.Split('=')).ToDictionary(
                pair => ModelVersion.Parse(pair[0]), pair => new VersionStatus(IdentityOf(pair[0]), Enum.Parse<AckState>(pair[1], ignoreCase: true), 7)),
        }))];

    private static Identity IdentityOf(string word) => Identity.OfManifest(System.Text.Encoding.UTF8.GetBytes(word));

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
